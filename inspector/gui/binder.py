"""Gives the window life: connects its parts with the controller, the settings and the deeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from inspector.core.modes import pair_mode_of
from inspector.core.pairs import Side
from inspector.core.result import Result
from inspector.gui.actions import Actions
from inspector.gui.change_words import change_words
from inspector.gui.command import Situation
from inspector.gui.commands import COMMANDS
from inspector.gui.deeds import Deeds
from inspector.gui.export_actions import Exporter
from inspector.gui.jobs import Jobs
from inspector.gui.menus import fill_pairs, modes_menu, recent_menu, samples_menu
from inspector.gui.notices import Notices
from inspector.gui.opener import Opener
from inspector.gui.plot_area import CAUSES_TAB
from inspector.gui.recent import with_recent
from inspector.gui.samples import is_sample
from inspector.gui.stages_dock import SideState

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu, QWidget

    from inspector.core.features.kinds import AnyResult
    from inspector.core.palette import Palette
    from inspector.gui.controller import Controller
    from inspector.gui.explainer import Causes
    from inspector.gui.main_window import MainWindow
    from inspector.gui.scheme import SchemeKeeper
    from inspector.gui.settings import Settings
    from inspector.session import Choices

CHANGE = "change of stages"


class WindowBinder(QObject):
    """Owns what the window needs besides its widgets, and all connections between them."""

    plots_built = Signal()

    def __init__(
        self,
        window: MainWindow,
        controller: Controller,
        settings: Settings,
        scheme: SchemeKeeper,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._controller = controller
        self._settings = settings
        self._scheme = scheme
        self.jobs = Jobs(self)
        self.opener = Opener(controller, self.jobs, self)
        self.exporter = Exporter(window, self.jobs, settings)
        self.deeds = Deeds(window, controller, self.opener, self.exporter, settings, scheme)
        self.notices = Notices(window, controller, self.opener, self.deeds)
        self.actions = Actions(self.deeds, window)
        self._fill_menus()
        self._connect_controller()
        self._connect_window()
        self._set_palette(scheme.palette)
        self._show_wishes()

    def build_plots(self) -> None:
        """Build the plot views, after the first paint."""
        self._window.plots.build(self.jobs)

    def close(self) -> None:
        """Store the settings and end what runs in the background."""
        self._controller.handing_over.stop()
        self._window.store(self._settings)
        self._settings.choices = self._controller.session.choices
        self._settings.sync()
        self.deeds.beside.close()
        self.opener.close()
        self.jobs.close()
        self.exporter.close()

    def _fill_menus(self) -> None:
        window, deeds = self._window, self.deeds
        self.actions.fill_menu_bar(window.menuBar())
        menus = self.actions.menus
        samples = samples_menu(deeds, window)
        files = menus["File"].actions()
        before = next(action for action in files if action.objectName() == "quit")
        separator = files[files.index(before) - 1]
        menus["File"].insertMenu(separator, samples)
        menus["File"].insertMenu(separator, recent_menu(deeds, window))
        self._add_side_modes(menus["Modes"])
        by_id = self.actions.by_id
        pair_commands = tuple(by_id[each.id] for each in COMMANDS if each.menu == "Pair")
        pair_menu = menus["Pair"]
        pair_menu.aboutToShow.connect(lambda: fill_pairs(pair_menu, deeds, pair_commands))
        export = menus["Export"]
        export.addSeparator()
        export.addActions([by_id["copy_figure"], by_id["copy_numbers"], by_id["copy_markdown"]])
        export.addMenu(menus["Edit/Copy as Python"])
        python = [by_id[f"copy_python_{which}"] for which in ("both", *Side)]
        window.plots.causes.add_buttons(python, [by_id["copy_markdown"]])
        buttons = {
            "samples": samples,
            "pair": pair_menu,
            "modes": menus["Modes"],
            "export": export,
        }
        self.actions.fill_toolbar(window.toolbar, buttons)

    def _add_side_modes(self, menu: QMenu) -> None:
        menu.addSeparator()
        for side in Side:
            menu.addMenu(modes_menu(side, self.deeds, self._window))

    def _connect_controller(self) -> None:
        window, controller = self._window, self._controller
        controller.result_changed.connect(self._show_result)
        controller.stale_changed.connect(window.banner.set_stale)
        controller.stale_changed.connect(window.panel.set_stale)
        controller.stale_changed.connect(window.runs.set_stale)
        controller.explainer.changed.connect(self._show_causes)
        controller.explainer.veiled_changed.connect(window.plots.causes.set_stale)
        controller.busy_changed.connect(self._on_busy)
        controller.progressed.connect(window.progress.set_progress)
        controller.failed.connect(self.notices.tell_failure)
        controller.told.connect(self.notices.tell_note)
        controller.wishes_changed.connect(self._show_wishes)
        controller.engine_changed.connect(window.set_engine_text)

    def _connect_window(self) -> None:
        window, controller = self._window, self._controller
        queued = Qt.ConnectionType.QueuedConnection
        window.dropped.connect(self.opener.open_drop)
        window.progress.cancelled.connect(controller.cancel)
        window.banner.causes_wanted.connect(self._show_causes_tab)
        window.plots.causes.apply_wanted.connect(self.deeds.apply_proposal)
        window.plots.causes.again_wanted.connect(controller.explain)
        window.plots.causes.cancel_wanted.connect(controller.cancel_explaining)
        window.banner.drag_pressed.connect(self._prepare_drag)
        window.banner.drag_started.connect(self.exporter.start_drag, queued)
        window.panel.step_wanted.connect(self.deeds.walk)
        window.panel.exif_toggled.connect(controller.set_apply_exif)
        window.stages.mode_chosen.connect(controller.set_mode)
        window.stages.stages_edited.connect(controller.set_preprocessing)
        window.stages.output_edited.connect(controller.set_output)
        window.stages.training_edited.connect(controller.set_training)
        window.stages.auxiliary_edited.connect(controller.set_auxiliary)
        window.stages_dock.visibilityChanged.connect(lambda _: self._refresh_commands())
        window.plots.view_built.connect(self._attach)
        window.plots.feature_view_built.connect(self._attach_features)
        window.plots.all_built.connect(self.plots_built)
        window.messages.changed.connect(self._refresh_commands)
        self.jobs.failed.connect(self.notices.tell_error)
        self.opener.failed.connect(self.notices.tell_error)
        self.opener.previewed.connect(window.panel.set_preview)
        self.opener.walk_changed.connect(self._on_walk)
        self.opener.pair_file_given.connect(self.deeds.open_pair_file)
        self.opener.run_file_given.connect(lambda path: self.deeds.beside.sweeps.open_run(path))
        self.opener.sweep_given.connect(lambda path: self.deeds.beside.sweeps.ask_new(path))
        self.exporter.told.connect(self.notices.tell_done)
        self.deeds.failed.connect(self.notices.tell_error)
        self.deeds.changed.connect(self._refresh_commands)
        self._scheme.changed.connect(self._set_palette)

    def _attach(self, name: str, view: QWidget) -> None:
        self._share_top(name, view)
        self._controller.attach(self._window.plots.result_view(name))

    def _attach_features(self, name: str, view: QWidget) -> None:
        self._share_top(name, view)
        self._controller.attach_features(self._window.plots.feature_view(name))

    def _share_top(self, name: str, view: QWidget) -> None:
        """Keep the number of rows of the bars, whichever view shows them."""
        if name == "top":
            view.set_k(self._settings.top)  # type: ignore[attr-defined]
            view.k_changed.connect(self._keep_top)  # type: ignore[attr-defined]
            self.deeds.top_changed.connect(view.set_k)  # type: ignore[attr-defined]

    def _keep_top(self, k: int) -> None:
        self._settings.top = k

    def _show_causes_tab(self) -> None:
        self.deeds.show_plot_tab(CAUSES_TAB)
        self._window.plots.causes.scroll_to_top()

    def _on_walk(self) -> None:
        self._show_place()
        self._refresh_commands()

    def _show_place(self) -> None:
        place = self.opener.place
        self._window.panel.set_place(place.position, len(place))

    def _prepare_drag(self) -> None:
        report = self._controller.report
        if report is not None:
            self.exporter.prepare_drag(report)

    def _on_busy(self, busy: bool) -> None:
        self._window.progress.set_busy(busy)
        self._refresh_commands()

    def _show_result(self, result: AnyResult | None) -> None:
        window = self._window
        window.banner.set_result(result)
        window.runs.set_result(result)
        window.panel.set_result(result)
        window.plots.set_result(result)
        if result is None:
            return
        window.set_timings_text(timings_text(result))
        window.setWindowTitle(f"{result.picture.name} – Twin Inspector")
        self.deeds.engine_versions = result.versions
        self.deeds.keep_pair(result.pair)
        picture = self._controller.session.picture
        if result.picture.path is not None and not is_sample(picture):
            self._settings.recent = with_recent(self._settings.recent, result.picture.path)
        self._show_verdict()
        self._refresh_commands()

    def _show_causes(self, causes: Causes) -> None:
        self._window.plots.set_causes(causes)
        self._show_verdict()

    def _show_verdict(self) -> None:
        """Let the banner say what the causes add, where they are those of the result on screen."""
        causes = self._controller.explainer.causes
        if causes is None or causes.result is not self._controller.result:
            return
        self._window.banner.set_causes(causes)

    def _show_wishes(self) -> None:
        session, window = self._controller.session, self._window
        pair, choices = session.pair, session.choices
        window.stages.set_states(
            {
                side: SideState(
                    pair.release(side),
                    choices.side(side),
                    choices.side(side).stages(pair, side),
                    session.preprocessing(side),
                )
                for side in Side
            }
        )
        window.panel.set_apply_exif(choices.apply_exif)
        window.panel.show_hint(is_sample(session.picture))
        window.set_pair_text(pair.title)
        self._show_place()
        self.notices.tell_starter()
        self._refresh_commands()

    def _refresh_commands(self) -> None:
        session, settings = self._controller.session, self._settings
        modes = (session.choices.left.mode, session.choices.right.mode)
        self.actions.update(
            Situation(
                has_result=self._controller.result is not None,
                has_classes=isinstance(self._controller.result, Result),
                has_picture=session.picture is not None,
                busy=self._controller.is_busy,
                undoes=self._change_to(session.undo_goal),
                redoes=self._change_to(session.redo_goal),
                pair_mode=pair_mode_of(*modes, session.pair) or "",
                walkable=len(self.opener.walk) > 1,
                has_messages=bool(self._window.messages.messages),
                in_memory=self.deeds.memory_picture() is not None,
                stages_shown=not self._window.stages_dock.isHidden(),
                scheme=self._scheme.choice,
                export_scale=settings.export_scale,
                export_theme=settings.export_theme,
            )
        )

    def _change_to(self, goal: Choices | None) -> str:
        """Say what would change; a few words also where it is no more than a detail."""
        session = self._controller.session
        if goal is None:
            return ""
        return change_words(session.choices, goal, session.pair) or CHANGE

    def _set_palette(self, palette: Palette) -> None:
        self._window.set_palette_scheme(palette)
        self._controller.set_palette(palette)
        self.actions.set_palette_scheme(palette)


def timings_text(result: AnyResult) -> str:
    """Give the wall times of a comparison in one line; loading the pair is no part of it."""
    times = result.timings_ms
    return " · ".join(f"{name} {times[name]:.0f}" for name in times if name != "load") + " ms"
