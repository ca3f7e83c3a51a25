"""Binds session, worker and views: wishes go down as frozen requests, results come up to views."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from inspector.core.errors import EngineError, InputError
from inspector.core.features.kinds import entry_labels, first_entry
from inspector.gui.explainer import Explainer
from inspector.gui.handing_over import HandingOver

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.core.auxiliary import AuxiliaryHead
    from inspector.core.features.kinds import AnyResult
    from inspector.core.pairs import PairSpec, Side
    from inspector.core.palette import Palette
    from inspector.core.picture import PictureSource
    from inspector.core.preprocessing import Preprocessing
    from inspector.core.result import SideSettings
    from inspector.core.scores import OutputSwitches
    from inspector.core.training import Training
    from inspector.engine.messages import (
        Compared,
        CompareRequest,
        Explained,
        Failed,
        Finished,
        Progress,
        Ready,
        Work,
    )
    from inspector.gui.views import FeatureView, ResultView
    from inspector.gui.worker_protocol import Worker
    from inspector.session import Moment, Session


NO_ENGINE = 0
"""Generation of a failure that belongs to no request: the engine could not start."""

STALE_AFTER_MS = 90
"""Answers that come sooner replace the old drawing without a flicker of the stale mark."""


class Controller(QObject):
    """The one place that changes the session and asks the worker.

    A result counts only while it answers the newest request. What failed or was cancelled is given
    up: what is set then is what is on screen, and `given_up` can be asked for once more. Until
    the user picks a class, the left side's first one is marked. Each comparison's causes are asked
    for once it is on screen; what comes of that never touches the comparison.
    """

    result_changed = Signal(object)
    """Result, FeatureResult or None."""
    stale_changed = Signal(bool)
    busy_changed = Signal(bool)
    progressed = Signal(str, object)
    """A text, and a fraction from 0 to 1 or None."""
    failed = Signal(object)
    """InspectorError."""
    told = Signal(str)
    """A sentence that is no error."""
    cancelled = Signal()
    """A comparison was given up by the user's wish; what was on screen before is set again."""
    wishes_changed = Signal()
    """Pair, picture or choices changed."""
    engine_changed = Signal(str)
    """The engine's state in a few words."""
    class_changed = Signal(object)
    """Index of the selected class or dimension, or None."""

    def __init__(self, session: Session, worker: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._worker = worker
        self._result: AnyResult | None = None
        self._picked = False
        self._handing_over = HandingOver(self)
        self._handing_over.class_chosen.connect(self.select_class)
        self._explainer = Explainer(self._submit, self)
        self._request: CompareRequest | None = None
        self._shown_request: CompareRequest | None = None
        self._shown: Moment | None = None
        self._given_up = session.moment
        self._stale = False
        self._busy = False
        self._engine_gone = False
        self._stale_timer = QTimer(self)
        self._stale_timer.setSingleShot(True)
        self._stale_timer.setInterval(STALE_AFTER_MS)
        self._stale_timer.timeout.connect(self._tell_stale)
        worker.ready.connect(self._on_ready)
        worker.progress.connect(self._on_progress)
        worker.compared.connect(self._on_compared)
        worker.explained.connect(self._on_explained)
        worker.failed.connect(self._on_failed)
        worker.finished.connect(self._on_finished)
        worker.restarted.connect(self._on_restarted)

    @property
    def session(self) -> Session:
        """What the user wants now; change it through this controller only."""
        return self._session

    @property
    def result(self) -> AnyResult | None:
        """The last good result."""
        return self._result

    @property
    def report(self) -> AnyResult | None:
        """The last good result, with the verdict and findings of its causes where those are known.

        This is what leaves the program: figures, numbers and texts say what the window says.
        """
        explanation = self._explainer.explanation
        if self._result is None or explanation is None:
            return self._result
        return replace(self._result, verdict=explanation.verdict, findings=explanation.findings)

    @property
    def explainer(self) -> Explainer:
        """What is known about the causes of the result."""
        return self._explainer

    @property
    def selected_class(self) -> int | None:
        """The class, or dimension, that is marked everywhere."""
        return self._handing_over.selected

    @property
    def is_busy(self) -> bool:
        """Whether a request is under way."""
        return self._busy

    @property
    def is_stale(self) -> bool:
        """Whether the result on screen is not what is set now."""
        return self._stale

    @property
    def given_up(self) -> Moment:
        """What was set when a comparison failed last; at first what is set at the start."""
        return self._given_up

    @property
    def handing_over(self) -> HandingOver:
        """What the views are told by."""
        return self._handing_over

    def attach(self, view: ResultView) -> None:
        """Tell a view of classes everything, now and later."""
        self._handing_over.attach(view)

    def attach_features(self, view: FeatureView) -> None:
        """Tell a view of features everything now and from now on."""
        self._handing_over.attach_features(view)

    def set_palette(self, palette: Palette) -> None:
        """Give every view other colours."""
        self._handing_over.set_palette(palette)

    def select_class(self, index: int | None) -> None:
        """Mark a class or dimension by the user's wish; a negative index or None marks none."""
        self._picked = True
        chosen = None if index is None or index < 0 else index
        if chosen != self.selected_class:
            self._handing_over.select(chosen)
            self.class_changed.emit(chosen)

    def set_picture(self, picture: PictureSource) -> None:
        """Compare another picture."""
        self._session.set_picture(picture)
        self._run()

    def set_pair(self, pair: PairSpec) -> None:
        """Use another pair."""
        if pair != self._session.pair:
            self._session.set_pair(pair)
            self._run()

    def set_mode(self, side: Side, mode: str) -> None:
        """Use a named mode on one side."""
        self._change(lambda: self._session.set_mode(side, mode))

    def set_pair_mode(self, pair_mode: str) -> None:
        """Use a mode of the pair."""
        self._change(lambda: self._session.set_pair_mode(pair_mode))

    def set_preprocessing(self, side: Side, preprocessing: Preprocessing) -> None:
        """Use stages set by hand."""
        self._change(lambda: self._session.set_preprocessing(side, preprocessing))

    def set_output(self, side: Side, output: OutputSwitches) -> None:
        """Set one side's output switches."""
        self._change(lambda: self._session.set_output(side, output))

    def set_training(self, side: Side, training: Training | None) -> None:
        """Switch one side's run in training mode on or off."""
        self._change(lambda: self._session.set_training(side, training))

    def set_auxiliary(self, side: Side, auxiliary: AuxiliaryHead | None) -> None:
        """Attach an auxiliary head to one side, or take it off."""
        self._change(lambda: self._session.set_auxiliary(side, auxiliary))

    def set_apply_exif(self, apply: bool) -> None:
        """Apply or ignore the EXIF orientation."""
        self._change(lambda: self._session.set_apply_exif(apply))

    def apply_settings(self, left: SideSettings, right: SideSettings) -> None:
        """Set both sides at once."""
        self._change(lambda: self._session.apply_settings(left, right))

    def undo(self) -> None:
        """Take the last change of the preprocessing back."""
        self._change(self._session.undo)

    def redo(self) -> None:
        """Do the last undone change again."""
        self._change(self._session.redo)

    def rerun(self) -> None:
        """Ask again for what is set."""
        self._run()

    def try_again(self, moment: Moment) -> None:
        """Ask once more for what was given up; for what is set, where that was no picture yet."""
        if moment.picture is not None:
            self._session.go_to(moment)
        self._run()

    def cancel(self) -> None:
        """Stop what is running, and show what was compared last as what it is."""
        if self._busy:
            self._session.abandon()
            self._worker.cancel()
            self._set_busy(False)
            self._go_back()
            self._complete_causes()
            self.cancelled.emit()

    def explain(self) -> None:
        """Ask again for the causes of the result on screen."""
        if self._result is None or self._shown_request is None or self._busy:
            return
        self._shown_request = self._session.renewed(self._shown_request)
        self._explainer.begin(self._shown_request, self._result)

    def cancel_explaining(self) -> None:
        """Stop measuring the causes; the comparison stays."""
        if self._explainer.is_running and not self._busy:
            self._worker.cancel()
            self._explainer.stop()

    def _change(self, change: Callable[[], None]) -> None:
        before = self._session.choices
        change()
        if self._session.choices != before:
            self._run()
        else:
            self.wishes_changed.emit()  # a control may show what was refused: let it look again

    def _run(self) -> None:
        self.wishes_changed.emit()
        request = self._session.request()
        if request is None:
            return
        self._request = request
        self._explainer.supersede()
        self._set_stale(self._result is not None)
        self._set_busy(True)
        self._submit(request)

    def _submit(self, request: Work) -> None:
        if self._engine_gone:
            self._engine_gone = False
            self.engine_changed.emit("Engine starting again")
            self._worker.start()
        self._worker.submit(request)

    def _on_ready(self, _: Ready) -> None:
        self.engine_changed.emit("Engine ready")

    def _on_restarted(self, sentence: str) -> None:
        self.engine_changed.emit("Engine starting again")
        self.told.emit(sentence)

    def _on_progress(self, message: Progress) -> None:
        if not self._session.is_current(message.generation):
            return
        if self._busy:
            self.progressed.emit(message.text, message.fraction)
        elif self._explainer.is_running:
            self._explainer.progress(message.text)

    def _on_compared(self, message: Compared) -> None:
        if not self._session.is_current(message.generation):
            return
        self._shown, self._shown_request = self._session.moment, self._request
        self._show(message.result)
        if self._shown_request is not None:
            self._explainer.begin(self._shown_request, message.result)

    def _on_explained(self, message: Explained) -> None:
        if self._session.is_current(message.generation) and self._explainer.is_running:
            self._explainer.arrive(message.explanation)

    def _on_failed(self, message: Failed) -> None:
        if message.generation == NO_ENGINE:
            self._engine_gone = True
            self.engine_changed.emit("Engine not running")
        elif not self._session.is_current(message.generation):
            return
        elif not self._busy and self._explainer.is_running:
            self._explainer.fail(message.error)
            return
        self._given_up = self._session.moment
        self._set_busy(False)
        self.failed.emit(message.error)
        self._go_back()
        if not isinstance(message.error, EngineError):
            self._complete_causes()  # an engine that has just failed is not asked by itself
        if self._shown is None and isinstance(message.error, InputError):
            self._try_without_runs()

    def _on_finished(self, message: Finished) -> None:
        """End the comparison first, since its causes are asked for as soon as it is shown."""
        if not self._session.is_current(message.generation):
            return
        if self._busy:
            self._set_busy(False)
        else:
            self._explainer.stop()

    def _show(self, result: AnyResult) -> None:
        old = self._result
        self._result = result
        if old is not None and entry_labels(old) != entry_labels(result):
            self._picked = False
        before = self.selected_class
        self._handing_over.show(result, before if self._picked else first_entry(result))
        if self.selected_class != before:
            self.class_changed.emit(self.selected_class)
        self._set_stale(False)
        self.result_changed.emit(result)

    def _go_back(self) -> None:
        """Set again what the result on screen was made of, where there is one."""
        if self._shown is None:
            return
        self._session.go_to(self._shown)
        self._set_stale(False)
        self.wishes_changed.emit()
        self.result_changed.emit(self._result)

    def _complete_causes(self) -> None:
        """Ask for the causes of the result on screen where something newer had stopped that."""
        if self._explainer.explanation is None:
            self.explain()

    def _try_without_runs(self) -> None:
        """Compare plainly where the choices of an earlier start asked for more.

        Those were made for the pair of then: the present one may have no training mode.
        """
        plain = self._session.choices.without_runs()
        if plain != self._session.choices:
            self._session.restore_choices(plain)
            self._run()

    def _set_stale(self, stale: bool) -> None:
        self._stale = stale
        if not stale:
            self._stale_timer.stop()
            self._tell_stale()
        elif not self._stale_timer.isActive():
            self._stale_timer.start()

    def _tell_stale(self) -> None:
        self._handing_over.set_stale(self._stale)
        self._explainer.set_stale(self._stale)
        self.stale_changed.emit(self._stale)

    def _set_busy(self, busy: bool) -> None:
        if busy != self._busy:
            self._busy = busy
            self.busy_changed.emit(busy)
