"""Cells run by IPython in the process that was forked for them: a papermill engine without a kernel beside it.

Papermill starts a kernel, a second process that imports everything again and is reached over sockets. Here
the process that runs a chapter is itself a fork of one that has imported pandas, altair and the package, so
the engine only has to run the cells and keep their outputs in the notebook's own format. What a kernel would
store and what this stores is the same: tests compare the two, and each stored chapter with both.
"""

import contextlib
import io
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_output
from papermill.engines import Engine, papermill_engines

NAME = "roundtrip"


class CellTimeout(BaseException):
    """A cell that took longer than it may; not an Exception, so that no cell catches it by accident."""


class _Stream(io.TextIOBase):
    """What a cell prints, as stream outputs in the order of writing."""

    def __init__(self, name: str, outputs: list[Any]) -> None:
        self.name, self.outputs = name, outputs

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        last = self.outputs[-1] if self.outputs else None
        if last is not None and last.output_type == "stream" and last["name"] == self.name:
            last.text += text
        elif text:
            self.outputs.append(new_output("stream", name=self.name, text=text))
        return len(text)


class _Hook(DisplayHook):
    """The value of a cell's last line."""

    outputs: list[Any]

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        assert self.shell is not None
        count = self.shell.execution_count
        self.outputs.append(
            new_output("execute_result", data=format_dict, metadata=md_dict or {}, execution_count=count)
        )

    def finish_displayhook(self) -> None:
        pass


class _Publisher(DisplayPublisher):
    """What a cell displays before its end."""

    outputs: list[Any]

    def publish(  # type: ignore[override]
        self, data: dict[str, Any], metadata: dict[str, Any] | None = None, **_: Any
    ) -> None:
        self.outputs.append(new_output("display_data", data=data, metadata=metadata or {}))

    def clear_output(self, wait: bool = False) -> None:
        self.outputs.clear()


class Shell(InteractiveShell):
    """An IPython without history file, prompts or colours."""

    displayhook: Any
    display_pub: Any
    history_manager: Any

    def __init__(self) -> None:
        super().__init__(displayhook_class=_Hook, display_pub_class=_Publisher, history_load_length=0)
        self.history_manager.enabled = False

    def init_history(self) -> None:
        from traitlets.config import Config

        self.config.merge(Config({"HistoryManager": {"enabled": False, "hist_file": ":memory:"}}))
        super().init_history()

    def ask_exit(self) -> None:
        """What ``exit()`` calls: there is no session to end, and what is left of the chapter would be missing."""
        raise SystemExit("exit() would end the chapter")

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: Any) -> None:
        lines = stb if isinstance(stb, list) else [str(stb)]
        self.display_pub.outputs.append(new_output("error", ename=etype.__name__, evalue=str(evalue), traceback=lines))


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise CellTimeout(f"a cell took longer than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def run_cell(shell: Shell, source: str, seconds: float) -> list[Any]:
    """The outputs of one cell. Raises CellTimeout."""
    outputs: list[Any] = []
    shell.displayhook.outputs = shell.display_pub.outputs = outputs
    out, err = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Stream("stdout", outputs), _Stream("stderr", outputs)
    try:
        with _limited(seconds):
            result = shell.run_cell(source, store_history=True)
        if isinstance(result.error_in_exec, CellTimeout):
            raise result.error_in_exec
    finally:
        sys.stdout, sys.stderr = out, err
    return outputs


class InProcess(Engine):
    """Runs the cells of a managed notebook here; stops after the first that fails, as papermill does."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        cell_seconds: float,
        on_cell: Callable[[int], None] = lambda index: None,
        **_: Any,
    ) -> Any:
        Shell.clear_instance()
        shell = Shell.instance()
        shell.user_ns["__name__"] = "__main__"
        for index, cell in enumerate(nb_man.nb.cells):
            nb_man.cell_start(cell, index)
            try:
                if cell.cell_type == "code":
                    on_cell(index)
                    cell.outputs = run_cell(shell, cell.source, cell_seconds)
                    cell.execution_count = shell.execution_count - 1
                    if any(o.output_type == "error" for o in cell.outputs):
                        nb_man.cell_exception(cell, index, exception=RuntimeError("a cell failed"))
                        break
            finally:
                nb_man.cell_complete(cell, cell_index=index)
        return nb_man.nb


papermill_engines.register(NAME, InProcess)
