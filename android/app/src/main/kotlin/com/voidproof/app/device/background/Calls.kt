package com.voidproof.app.device.background

import com.voidproof.app.core.Route
import com.voidproof.gateway.OwedItem
import com.voidproof.gateway.Why

/** Why a person is called to the terminal. One notification each. */
enum class Matter { KEYS_LOST, LEDGER, UNSOUND, REFUSED, CARD, ESCALATED, DEADLINE }

/** [keys]: what it is about; once somebody looked, only a new one calls again. [route]: where to look; null: where the app begins. */
data class Call(val matter: Matter, val keys: Set<String>, val route: Route?)

/** What the terminal knows that a person has to know. [refused]: undos that were refused and that nobody has opened. */
fun calls(owed: List<OwedItem>, refused: Set<String>, isSound: Boolean): List<Call> {
    val undos = owed.filter { it.undo != null }
    val card = undos.filter { it.why == Why.CARD }
    val near = undos.filter { it.why != Why.ESCALATED && it.deadline?.let { left -> left.certain && isNear(left) } == true }
    return listOfNotNull(
        if (isSound) null else Call(Matter.UNSOUND, setOf(""), Route.SelfCheck),
        Call(Matter.REFUSED, refused, refused.singleOrNull()?.let(Route::Progress) ?: Route.Records),
        about(Matter.CARD, card),
        about(Matter.ESCALATED, owed.filter { it.why == Why.ESCALATED }),
        about(Matter.DEADLINE, near),
    ).filter { it.keys.isNotEmpty() }
}

private fun about(matter: Matter, items: List<OwedItem>): Call {
    val only = items.singleOrNull()
    val route = if (only == null) Route.Queue else only.undo?.let(Route::Progress) ?: Route.Owed(only.id)
    return Call(matter, items.mapTo(LinkedHashSet()) { it.undo ?: it.id }, route)
}

/** The places that a notification may lead to. Any app can send its intent: none of them does anything by being looked at. */
fun isCallable(route: Route): Boolean = when (route) {
    is Route.Progress, is Route.Owed, Route.Queue, Route.Records, Route.SelfCheck -> true
    else -> false
}
