package com.voidproof.app.screens.more

import android.view.View
import android.widget.LinearLayout
import com.voidproof.app.R
import com.voidproof.app.text.Money
import com.voidproof.app.ui.FlowView
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.PlainScreen
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.card
import com.voidproof.app.ui.cause
import com.voidproof.app.ui.chip
import com.voidproof.app.ui.empty
import com.voidproof.app.ui.menuRow
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.pair
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.rail
import com.voidproof.app.ui.rows
import com.voidproof.app.ui.text
import com.voidproof.gateway.CauseCount
import com.voidproof.gateway.Total

/** Why payments and voids failed, what to do about each, and the sums of the days. */
class ReportView(ui: Ui, private val send: (ReportMessage) -> Unit, back: () -> Unit) : PlainScreen<ReportState>(ui, R.string.report, back) {
    override fun Scaffold.fill(state: ReportState) {
        body.put(
            FlowView(ui.context, ui.dp(Gap.SMALL)).apply {
                addView(chip(R.string.report_today, R.id.days_today, Days.TODAY, state))
                addView(chip(R.string.report_yesterday, R.id.days_yesterday, Days.YESTERDAY, state))
                addView(chip(R.string.report_week, R.id.days_week, Days.WEEK, state))
            },
        )
        body.putFailure(ui, state.failure, Gap.MEDIUM)
        val report = state.report ?: return
        if (report.owed > 0) {
            val words = ui.string(R.string.items_count, report.owed)
            val row = ui.menuRow(R.drawable.ic_hourglass, ui.string(R.string.report_owed), R.id.menu_queue, words) { send(ReportMessage.Queue) }
            body.put(ui.rows(listOf(row)), top = Gap.LARGE)
        }
        report.advice?.let { body.put(ui.notice(Meaning.INFO, ui.string(R.string.report_advice), it), top = Gap.LARGE) }
        if (report.failures.isEmpty()) {
            body.put(ui.empty(R.drawable.ic_check, ui.string(R.string.report_nothing)), top = Gap.MEDIUM)
        } else {
            body.put(causes(report.causes), top = Gap.LARGE)
            body.put(ui.text(R.string.report_do, Type.BODY_BOLD), top = Gap.LARGE)
            body.put(ui.rows(report.failures.map(::line)), top = Gap.SMALL)
        }
        body.put(sums(report), top = Gap.LARGE)
    }

    private fun chip(label: Int, id: Int, days: Days, state: ReportState): View =
        ui.chip(ui.string(label), state.days == days) { send(ReportMessage.Choose(days)) }.apply { this.id = id }

    /** The longest bar is the most frequent cause; the number stands beside each. */
    private fun causes(causes: List<CauseCount>): View = ui.card {
        put(ui.text(R.string.report_why, Type.LARGE_BOLD))
        val most = causes.maxOfOrNull(CauseCount::count) ?: 1
        causes.forEach { (cause, count) ->
            put(ui.pair(ui.string(cause(cause)), ui.string(R.string.report_times, count)), top = Gap.TINY)
            put(bar(count.toFloat() / most), height = ui.dp(BAR))
        }
    }

    private fun bar(part: Float): View = ui.row {
        val filled = View(ui.context).apply { background = ui.ground(R.color.fill_refused, BAR / 2f) }
        put(filled, width = 0, height = LinearLayout.LayoutParams.MATCH_PARENT, weight = part)
        put(View(ui.context), width = 0, weight = 1f - part)
    }

    /** What failed in the core's words; a tap tells what to do. */
    private fun line(line: FailureLine): View {
        val where = line.rail?.let { ui.rail(it) + " · " }.orEmpty()
        val times = ui.string(R.string.report_times, line.count)
        return ui.menuRow(R.drawable.ic_exclamation, where + line.title, View.NO_ID, times) { send(ReportMessage.Explain(line)) }
    }

    private fun sums(report: DaysReport): View = ui.card {
        val days = if (report.first == report.last) report.last else ui.string(R.string.report_days, report.first, report.last)
        put(ui.text(days, Type.SMALL, R.color.ink_2))
        put(ui.pair(R.string.net, Money.yuan(report.net)), top = Gap.TINY)
        put(sum(R.string.taken, report.taken))
        put(sum(R.string.sale_voided, report.voided))
        put(sum(R.string.sale_refunded, report.refunded))
        put(sum(R.string.sale_declined, report.declined))
        put(sum(R.string.sale_reversed, report.reversed))
        if (report.unknown.count > 0) put(ui.pair(R.string.sale_unknown, sumWords(report.unknown), R.color.owed))
    }

    private fun sum(label: Int, total: Total) = ui.pair(label, sumWords(total))

    private fun sumWords(total: Total) = ui.string(R.string.report_sum, Money.yuan(total.amount), total.count)

    private companion object {
        const val BAR = 8
    }
}
