package com.voidproof.app.screens.more

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Route
import com.voidproof.app.core.Step
import com.voidproof.gateway.CauseCount
import com.voidproof.gateway.Change
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Gateway
import com.voidproof.gateway.Rail
import com.voidproof.gateway.Report
import com.voidproof.gateway.Total
import java.util.Calendar
import java.util.TimeZone

/** Which days are looked at; [back]: how many days before today. */
enum class Days(val back: IntRange) { TODAY(0..0), YESTERDAY(1..1), WEEK(0..6) }

/** What failed, and how often. [title]: the core's words for it. */
data class FailureLine(val rail: Rail?, val code: String, val count: Int, val title: String)

/** The sums of some days and why something failed on them. */
data class DaysReport(
    val first: String,
    val last: String,
    val taken: Total,
    val voided: Total,
    val refunded: Total,
    val declined: Total,
    val reversed: Total,
    val unknown: Total,
    val net: Long,
    /** Now, whatever the days. */
    val owed: Int,
    /** Most frequent first. */
    val causes: List<CauseCount>,
    /** Most frequent first; the rarest are left out. */
    val failures: List<FailureLine>,
    val advice: String?,
)

data class ReportState(val days: Days = Days.TODAY, val report: DaysReport? = null, val failure: Failure? = null)

sealed interface ReportMessage {
    data class Loaded(val days: Days, val report: DaysReport) : ReportMessage

    data class Failed(val failure: Failure) : ReportMessage

    data class Choose(val days: Days) : ReportMessage

    data class Explain(val line: FailureLine) : ReportMessage

    data object Queue : ReportMessage
}

class ReportPresenter : Presenter<ReportState, ReportMessage>() {
    override val initial = ReportState()

    override fun shown(state: ReportState) = Step(state, load(state.days))

    override fun on(state: ReportState, message: ReportMessage): Step<ReportState, ReportMessage> = when (message) {
        is ReportMessage.Loaded -> if (message.days == state.days) Step(state.copy(report = message.report, failure = null)) else Step(state)
        is ReportMessage.Failed -> Step(state.copy(failure = message.failure))
        is ReportMessage.Choose -> Step(ReportState(message.days), load(message.days))
        is ReportMessage.Explain -> Step(state, Effect.Go(Route.Explain(message.line.code, message.line.rail)))
        ReportMessage.Queue -> Step(state, Effect.Go(Route.Queue))
    }

    /** A report is of what was; what changes meanwhile is in the next one. */
    override fun heard(state: ReportState, change: Change) = Step<ReportState, ReportMessage>(state)

    override fun save(state: ReportState) = state.days.name

    override fun restored(saved: String) = ReportState(Days.values().firstOrNull { it.name == saved } ?: Days.TODAY)

    private fun load(days: Days): Effect<ReportMessage> = Effect.Ask(ReportMessage::Failed) {
        ReportMessage.Loaded(days, gateway.reportOf(days))
    }

    private suspend fun Gateway.reportOf(days: Days): DaysReport {
        val today = report(null)
        val reports = days.back.map { back -> if (back == 0) today else report(before(today.day, back)) }
        val codes = reports.flatMap(Report::codes).groupBy { it.rail to it.code }.map { (what, counts) -> what to counts.sumOf { it.count } }
        val frequent = codes.sortedByDescending { it.second }.take(MOST_LINES)
        return DaysReport(
            first = reports.last().day,
            last = reports.first().day,
            taken = reports.sum(Report::taken),
            voided = reports.sum(Report::voided),
            refunded = reports.sum(Report::refunded),
            declined = reports.sum(Report::declined),
            reversed = reports.sum(Report::reversed),
            unknown = reports.sum(Report::unknown),
            net = reports.sumOf(Report::net),
            owed = today.owed,
            causes = reports.flatMap(Report::causes).groupBy(CauseCount::cause)
                .map { (cause, counts) -> CauseCount(cause, counts.sumOf(CauseCount::count)) }.sortedByDescending(CauseCount::count),
            failures = frequent.map { (what, count) -> FailureLine(what.first, what.second, count, explain(what.second, what.first).title) },
            advice = reports.maxByOrNull { report -> report.causes.sumOf(CauseCount::count) }?.advice,
        )
    }

    private fun List<Report>.sum(of: (Report) -> Total) = Total(sumOf { of(it).count }, sumOf { of(it).amount })

    companion object {
        private const val MOST_LINES = 8

        /** The day, YYYY-MM-DD, that was [back] days before [day]. */
        fun before(day: String, back: Int): String {
            val (year, month, date) = day.split('-').map(String::toInt)
            val calendar = Calendar.getInstance(TimeZone.getTimeZone("UTC"))
            calendar.clear()
            calendar.set(year, month - 1, date)
            calendar.add(Calendar.DAY_OF_MONTH, -back)
            val parts = listOf(calendar.get(Calendar.YEAR), calendar.get(Calendar.MONTH) + 1, calendar.get(Calendar.DAY_OF_MONTH))
            return parts.joinToString("-") { it.toString().padStart(2, '0') }
        }
    }
}
