package com.voidproof.app.device.background

import com.voidproof.gateway.Deadline
import com.voidproof.gateway.OwedItem
import com.voidproof.gateway.Why

/** What the plan depends on. */
data class Situation(
    /** A payment or an undo is on its way to a host. */
    val money: Boolean,
    val owed: List<OwedItem>,
    /** The level of the device's Android. */
    val api: Int,
    /** A screen of the app is visible. */
    val visible: Boolean,
    /** The service is in the foreground already. */
    val staying: Boolean,
    /** Android refused to let it go there. */
    val refused: Boolean = false,
)

/** What keeps the process alive where Android would end it. */
enum class Stay {
    /** While money is on its way; Android allows it three minutes. */
    MONEY,

    /** While a void is close to its deadline. */
    DEADLINE,
}

/** How the next delivery comes about while nobody looks; times in milliseconds from now, null: not at all. */
data class Plan(
    /** A job that Android runs when there is a network, after this time at the earliest. */
    val job: Long? = null,
    /** The job may also run while the device dozes. */
    val pressing: Boolean = false,
    /** An alarm that wakes a dozing device. */
    val alarm: Long? = null,
    val stay: Stay? = null,
) {
    companion object {
        val NOTHING = Plan()

        /** The core must first be asked. */
        val AT_ONCE = Plan(job = 0)
    }
}

/** From here on jobs, which a dozing device puts off, are not enough. */
const val NEAR = 2 * 3_600_000L

/** While the process lives its core delivers by itself; the job is for the case that it dies. */
private const val SOON = 60_000L

/** Android rings no alarm of a dozing device more often. */
private const val ALARM_GAP = 9 * 60_000L

/** The level that lets nobody come to the foreground from behind. */
private const val ONLY_FROM_THE_FRONT = 31

fun plan(now: Situation): Plan {
    val going = now.owed.filter(::goesByItself)
    val near = going.any { it.deadline?.let(::isNear) == true }
    val mayStay = !now.refused && (now.visible || now.staying || now.api < ONLY_FROM_THE_FRONT)
    val stay = when {
        near && mayStay -> Stay.DEADLINE
        now.money && !now.refused && (now.visible || now.staying) -> Stay.MONEY
        else -> null
    }
    val due = due(going) ?: return Plan(stay = stay)
    return Plan(
        job = maxOf(due, SOON),
        // Such a job begins at once, so it is none for what is not due.
        pressing = near && due <= SOON && !now.visible && stay == null && now.api >= ONLY_FROM_THE_FRONT,
        // The service keeps the network, not the processor awake.
        alarm = if (near && !now.visible) due.coerceIn(SOON, ALARM_GAP) else null,
        stay = stay,
    )
}

/** Nobody has to do anything first. */
fun goesByItself(item: OwedItem): Boolean = when (item.why) {
    Why.HELD, Why.CARD, Why.ESCALATED -> false
    Why.NETWORK, Why.HOST_BUSY, Why.NO_ANSWER, Why.SALE_UNKNOWN, Why.TURN, Why.SIGN_IN, Why.RUNNING -> true
}

/** Milliseconds until the first of [going] is to be tried; null: there is none. */
fun due(going: List<OwedItem>): Long? = going.minOfOrNull { maxOf(it.nextTry ?: 0, 0) }

/** A deadline of which nobody knows when it is may be near. What is over is in no hurry. */
fun isNear(deadline: Deadline): Boolean = !deadline.certain || deadline.left in 1..NEAR
