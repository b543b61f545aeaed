package com.voidproof.app.screens

import android.view.View
import com.voidproof.app.R
import com.voidproof.app.core.Live
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Route
import com.voidproof.app.core.Screens
import com.voidproof.app.core.Session
import com.voidproof.app.screens.home.HomePresenter
import com.voidproof.app.screens.home.HomeView
import com.voidproof.app.screens.more.AboutPresenter
import com.voidproof.app.screens.more.AboutView
import com.voidproof.app.screens.more.LanguagePresenter
import com.voidproof.app.screens.more.LanguageView
import com.voidproof.app.screens.more.LicencesPresenter
import com.voidproof.app.screens.more.LicencesView
import com.voidproof.app.screens.more.LinePresenter
import com.voidproof.app.screens.more.LineView
import com.voidproof.app.screens.more.MorePresenter
import com.voidproof.app.screens.more.MoreView
import com.voidproof.app.screens.more.OperatorsPresenter
import com.voidproof.app.screens.more.OperatorsView
import com.voidproof.app.screens.more.PrinterPresenter
import com.voidproof.app.screens.more.PrinterView
import com.voidproof.app.screens.more.ReportPresenter
import com.voidproof.app.screens.more.ReportView
import com.voidproof.app.screens.more.SelfCheckPresenter
import com.voidproof.app.screens.more.SelfCheckView
import com.voidproof.app.screens.owed.OwedPresenter
import com.voidproof.app.screens.owed.OwedView
import com.voidproof.app.screens.owed.QueuePresenter
import com.voidproof.app.screens.owed.QueueView
import com.voidproof.app.screens.owed.SettlementPresenter
import com.voidproof.app.screens.owed.SettlementView
import com.voidproof.app.screens.pay.PayPresenter
import com.voidproof.app.screens.pay.PayView
import com.voidproof.app.screens.pay.SaleResultPresenter
import com.voidproof.app.screens.pay.SaleResultView
import com.voidproof.app.screens.pay.taking
import com.voidproof.app.screens.preauth.PreauthPresenter
import com.voidproof.app.screens.preauth.PreauthView
import com.voidproof.app.screens.preauth.PreauthsPresenter
import com.voidproof.app.screens.preauth.PreauthsView
import com.voidproof.app.screens.preauth.TakeAmountPresenter
import com.voidproof.app.screens.preauth.TakeAmountView
import com.voidproof.app.screens.records.ExplainPresenter
import com.voidproof.app.screens.records.ExplainView
import com.voidproof.app.screens.records.RecordPresenter
import com.voidproof.app.screens.records.RecordView
import com.voidproof.app.screens.records.SlipPresenter
import com.voidproof.app.screens.records.SlipView
import com.voidproof.app.screens.rescue.CopiesPresenter
import com.voidproof.app.screens.rescue.CopiesView
import com.voidproof.app.screens.rescue.DecidePresenter
import com.voidproof.app.screens.rescue.DecideView
import com.voidproof.app.screens.rescue.EvidencePresenter
import com.voidproof.app.screens.rescue.EvidenceView
import com.voidproof.app.screens.rescue.ImportKeysPresenter
import com.voidproof.app.screens.rescue.ImportKeysView
import com.voidproof.app.screens.rescue.RestoreCopyPresenter
import com.voidproof.app.screens.rescue.RestoreCopyView
import com.voidproof.app.screens.rescue.RestoredPresenter
import com.voidproof.app.screens.rescue.RestoredView
import com.voidproof.app.screens.start.BrokenPresenter
import com.voidproof.app.screens.start.BrokenView
import com.voidproof.app.screens.start.LogOnPresenter
import com.voidproof.app.screens.start.LogOnView
import com.voidproof.app.screens.start.OpeningPresenter
import com.voidproof.app.screens.start.OpeningView
import com.voidproof.app.screens.start.SetUpPresenter
import com.voidproof.app.screens.start.SetUpView
import com.voidproof.app.screens.undo.ByReferencePresenter
import com.voidproof.app.screens.undo.ByReferenceView
import com.voidproof.app.screens.undo.ConfirmVoidPresenter
import com.voidproof.app.screens.undo.ConfirmVoidView
import com.voidproof.app.screens.undo.PickFor
import com.voidproof.app.screens.undo.PickPresenter
import com.voidproof.app.screens.undo.PickView
import com.voidproof.app.screens.undo.ProgressPresenter
import com.voidproof.app.screens.undo.ProgressView
import com.voidproof.app.screens.undo.RefundPresenter
import com.voidproof.app.screens.undo.RefundView
import com.voidproof.app.ui.ScreenView
import com.voidproof.app.ui.Ui
import com.voidproof.gateway.Ability
import java.util.UUID

/** Which presenter stands behind which route. */
class Registry : Screens {
    override fun live(route: Route, session: Session, typed: String): Live<*, *> {
        fun <S : Any, M : Any> live(presenter: Presenter<S, M>) = Live(route, presenter, session, typed)
        val canRefund = Ability.REFUND in session.tools.gateway.abilities
        return when (route) {
            Route.Opening -> live(OpeningPresenter())
            Route.SetUp -> live(SetUpPresenter(session.settings.language))
            Route.Broken -> live(BrokenPresenter(session.broken))
            Route.LogOn -> live(LogOnPresenter())
            Route.Home -> live(HomePresenter(::newId))
            is Route.Taking -> live(PayPresenter(route))
            Route.Restored -> live(RestoredPresenter())
            Route.ImportKeys -> live(ImportKeysPresenter(session.settings.language))
            Route.Copies -> live(CopiesPresenter())
            Route.RestoreCopy -> live(RestoreCopyPresenter())
            is Route.Decide -> live(DecidePresenter(route))
            is Route.Evidence -> live(EvidencePresenter(route.sale))
            is Route.ByReference -> live(ByReferencePresenter(route, ::newId))
            Route.Preauths -> live(PreauthsPresenter())
            is Route.Preauth -> live(PreauthPresenter(route.sale, ::newId))
            is Route.HoldAmount -> live(TakeAmountPresenter(route, ::newId))
            is Route.CompleteAmount -> live(TakeAmountPresenter(route, ::newId))
            is Route.SaleResult -> live(SaleResultPresenter(route.sale, route.signs, ::newId))
            is Route.Pick -> live(PickPresenter(if (route.refund) PickFor.REFUND else PickFor.VOID, canRefund, ::newId))
            is Route.ConfirmVoid -> live(ConfirmVoidPresenter(route, ::newId))
            is Route.ConfirmRefund -> live(RefundPresenter(route))
            is Route.Progress -> live(ProgressPresenter(route.undo, ::newId))
            Route.Queue -> live(QueuePresenter())
            is Route.Owed -> live(OwedPresenter(route.item))
            Route.Records -> live(PickPresenter(PickFor.RECORD, canRefund, ::newId))
            is Route.Record -> live(RecordPresenter(route.sale, ::newId))
            is Route.Slip -> live(SlipPresenter(route.of))
            is Route.Explain -> live(ExplainPresenter(route.code, route.rail))
            Route.More -> live(MorePresenter())
            Route.Language -> live(LanguagePresenter(session.settings))
            Route.About -> live(AboutPresenter())
            Route.Licences -> live(LicencesPresenter())
            Route.SelfCheck -> live(SelfCheckPresenter())
            Route.Settlement -> live(SettlementPresenter())
            Route.Operators -> live(OperatorsPresenter())
            Route.Report -> live(ReportPresenter())
            Route.Line -> live(LinePresenter())
            Route.Printer -> live(PrinterPresenter())
        }
    }

    /** 32 hexadecimal digits. */
    private fun newId() = UUID.randomUUID().toString().replace("-", "")
}

/** The view of [live], bound to it. */
fun screenOf(ui: Ui, live: Live<*, *>, session: Session): View {
    val back = { session.back() }
    return when (val route = live.route) {
        Route.Opening -> live.seen<Unit, Nothing> { OpeningView(ui) }
        Route.SetUp -> live.seen { SetUpView(ui, it) }
        Route.Broken -> live.seen { BrokenView(ui, it) }
        Route.LogOn -> live.seen { LogOnView(ui, it) }
        Route.Home -> live.seen { HomeView(ui, it) }
        is Route.Taking -> live.seen { PayView(ui, route.taking(), session.tools.devices.scanner?.camera?.let { camera -> camera::finder }, it) }
        Route.Restored -> live.seen { RestoredView(ui, it) }
        Route.ImportKeys -> live.seen { ImportKeysView(ui, it, back) }
        Route.Copies -> live.seen { CopiesView(ui, it, back) }
        Route.RestoreCopy -> live.seen { RestoreCopyView(ui, it, back) }
        is Route.Decide -> live.seen { DecideView(ui, it, back) }
        is Route.Evidence -> live.seen { EvidenceView(ui, it, back) }
        is Route.ByReference -> live.seen { ByReferenceView(ui, it, back) }
        Route.Preauths -> live.seen { PreauthsView(ui, it, back) }
        is Route.Preauth -> live.seen { PreauthView(ui, it, back) }
        is Route.HoldAmount -> live.seen { TakeAmountView(ui, if (route.addTo == null) R.string.preauth else R.string.preauth_add, it, back) }
        is Route.CompleteAmount -> live.seen { TakeAmountView(ui, R.string.completion, it, back) }
        is Route.SaleResult -> live.seen { SaleResultView(ui, it) }
        is Route.Pick ->
            if (route.refund) {
                live.seen { PickView(ui, R.string.pick_refund, PickFor.REFUND, it, back) }
            } else {
                live.seen { PickView(ui, R.string.pick_void, PickFor.VOID, it, back) }
            }
        is Route.ConfirmVoid -> live.seen { ConfirmVoidView(ui, it, back) }
        is Route.ConfirmRefund -> live.seen { RefundView(ui, it, back) }
        is Route.Progress -> live.seen { ProgressView(ui, it, back) }
        Route.Queue -> live.seen { QueueView(ui, it, back) }
        is Route.Owed -> live.seen { OwedView(ui, it, back) }
        Route.Records -> live.seen { PickView(ui, R.string.home_records, PickFor.RECORD, it, back) }
        is Route.Record -> live.seen { RecordView(ui, it, back) }
        is Route.Slip -> live.seen { SlipView(ui, it, back) }
        is Route.Explain -> live.seen { ExplainView(ui, it, back) }
        Route.More -> live.seen { MoreView(ui, it, back) }
        Route.Language -> live.seen { LanguageView(ui, it, back) }
        Route.About -> live.seen { AboutView(ui, versionOf(ui), it, back) }
        Route.Licences -> live.seen { LicencesView(ui, it, back) }
        Route.SelfCheck -> live.seen { SelfCheckView(ui, it, back) }
        Route.Settlement -> live.seen { SettlementView(ui, it, back) }
        Route.Operators -> live.seen { OperatorsView(ui, it, back) }
        Route.Report -> live.seen { ReportView(ui, it, back) }
        Route.Line -> live.seen { LineView(ui, it, back) }
        Route.Printer -> live.seen { PrinterView(ui, it, back) }
    }
}

/** Route, presenter and view of one screen belong together: the registry above is the only place that pairs them. */
@Suppress("UNCHECKED_CAST")
private fun <S : Any, M : Any> Live<*, *>.seen(view: ((M) -> Unit) -> ScreenView<S>): View {
    val live = this as Live<S, M>
    val screen = view(live::send)
    live.draw = screen::bind
    screen.bind(live.state)
    return screen.root
}

private fun versionOf(ui: Ui): String = ui.context.run { packageManager.getPackageInfo(packageName, 0).versionName.orEmpty() }
