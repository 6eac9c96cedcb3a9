from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import zmq.asyncio
from jupyter_client.session import Session

from tests.visit import WAIT
from tools.notebooks import Channel


def test_a_reply_is_heard_although_an_answer_to_a_widget_swallowed_its_sign() -> None:
    """A channel that sleeps until its socket wakes it would sleep on for ever."""

    async def heard() -> str:
        session, context = Session(key=b"k"), zmq.asyncio.Context()
        kernel = zmq.Context.instance().socket(zmq.ROUTER)
        port = kernel.bind_to_random_port("tcp://127.0.0.1")
        socket = context.socket(zmq.DEALER)
        socket.connect(f"tcp://127.0.0.1:{port}")
        channel = Channel(socket, session)
        channel.send(session.msg("execute_request"))
        who, asked = await asyncio.to_thread(session.recv, kernel, 0)
        reply = asyncio.ensure_future(channel.get_msg())
        await asyncio.sleep(0.05)  # until it waits
        session.send(kernel, "execute_reply", {}, parent=asked, ident=who)
        time.sleep(0.05)  # the reply comes while the loop is busy
        channel.send(session.msg("comm_msg"))
        got = await asyncio.wait_for(reply, WAIT / 1000)
        kernel.close()
        context.destroy()
        return str(got["header"]["msg_type"])

    with ThreadPoolExecutor(1) as thread:  # this one may run a browser's loop
        assert thread.submit(asyncio.run, heard()).result() == "execute_reply"
