package com.voidproof.app.text

import com.voidproof.app.R
import com.voidproof.app.ui.Ui
import com.voidproof.gateway.Deadline
import java.util.Calendar
import java.util.TimeZone

/** Business time is UTC+8, whatever the device says. */
private val BUSINESS: TimeZone = TimeZone.getTimeZone("GMT+08:00")
private const val SECOND = 1_000L
private const val MINUTE = 60 * SECOND
private const val HOUR = 60 * MINUTE
private const val DAY = 24 * HOUR

private fun calendar(at: Long) = Calendar.getInstance(BUSINESS).apply { timeInMillis = at }

private fun two(number: Int) = number.toString().padStart(2, '0')

private fun two(number: Long) = two(number.toInt())

private fun dayOf(at: Long) = Math.floorDiv(at + BUSINESS.rawOffset, DAY)

/** `14:32` */
fun clock(at: Long): String = calendar(at).run { two(get(Calendar.HOUR_OF_DAY)) + ":" + two(get(Calendar.MINUTE)) }

/** `14:32:07` */
fun clockWithSeconds(at: Long): String = clock(at) + ":" + two(calendar(at).get(Calendar.SECOND))

/** `11-24 14:32:07` */
fun dateAndClock(at: Long): String = date(at) + " " + clockWithSeconds(at)

private fun date(at: Long) = calendar(at).run { two(get(Calendar.MONTH) + 1) + "-" + two(get(Calendar.DAY_OF_MONTH)) }

/** `14:32` for today, `昨天 20:41`, else the date. */
fun Ui.moment(at: Long): String = when (dayOf(clock.wall()) - dayOf(at)) {
    0L -> clock(at)
    1L -> string(R.string.yesterday_at, clock(at))
    else -> date(at) + " " + clock(at)
}

/** Like [moment], with the word for today. */
fun Ui.longMoment(at: Long): String =
    if (dayOf(clock.wall()) == dayOf(at)) string(R.string.today_at, clock(at)) else moment(at)

/** A span without seconds: `6 天`, `8 小时 27 分`, `27 分钟`, `不到 1 分钟`. */
fun Ui.span(left: Long): String = when {
    left >= 2 * DAY -> string(R.string.span_days, (left / DAY).toInt())
    left >= HOUR -> string(R.string.span_hours, (left / HOUR).toInt(), (left % HOUR / MINUTE).toInt())
    left >= MINUTE -> string(R.string.span_minutes, (left / MINUTE).toInt())
    else -> string(R.string.span_short)
}

/** A span for a list: `6 天`, `8 小时`, `27 分钟`. */
fun Ui.roughly(left: Long): String = if (left in HOUR until 2 * DAY) string(R.string.span_hours_only, (left / HOUR).toInt()) else span(left)

/** A span that ticks: `8:18:22`, days in words. */
fun Ui.ticking(left: Long): String = when {
    left >= 2 * DAY -> span(left)
    else -> "${left / HOUR}:${two(left % HOUR / MINUTE)}:${two(left % MINUTE / SECOND)}"
}

/** What is left now of a deadline that was read at [readAt], milliseconds since boot. */
fun Ui.left(deadline: Deadline, readAt: Long): Long = deadline.left - (clock.sinceBoot() - readAt)

/** The day of the newest release, epoch milliseconds: no clock that is right shows an earlier one. */
const val RELEASED = 1_795_478_400_000L
