// ms in which nothing comes of what was asked for, after which a start is given up: the reader may then try again.
export const PATIENCE = 30_000;
// ms in which a reader has moved no control before the page goes on with what he did not ask for.
export const CALM = 400;
