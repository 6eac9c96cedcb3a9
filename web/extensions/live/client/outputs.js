// What an Output widget needs: JupyterLab's own way to show outputs.
import { RenderMimeRegistry, standardRendererFactories } from "@jupyterlab/rendermime";
import * as outputs from "@jupyter-widgets/html-manager/lib/output";
import { WIDGET_MIMETYPE, WidgetRenderer } from "@jupyter-widgets/html-manager/lib/output_renderers";

import sanitize from "./sanitize.js";

export { outputs };

export function rendering(manager) {
  const registry = new RenderMimeRegistry({ initialFactories: standardRendererFactories, sanitizer: { sanitize } });
  const createRenderer = (options) => new WidgetRenderer(options, manager);
  registry.addFactory({ safe: false, mimeTypes: [WIDGET_MIMETYPE], createRenderer }, 0);
  return registry;
}
