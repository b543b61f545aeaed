package com.voidproof.app.core

import com.voidproof.gateway.Copy
import com.voidproof.gateway.Rail
import com.voidproof.gateway.ReceiptOf

/** Where the person is: a screen and the id of what it shows. All that outlives a killed process. */
sealed interface Route {
    data object Opening : Route

    data object SetUp : Route

    data object Broken : Route

    data object Home : Route

    data object LogOn : Route

    /** A card, perhaps a code, is asked for [amount]. [request] finds again what it made. */
    sealed interface Taking : Route {
        val amount: Long
        val request: String
    }

    data class Pay(override val amount: Long, override val request: String) : Taking

    /** [addTo]: the pre-authorisation that holds more from now on. */
    data class Hold(override val amount: Long, override val request: String, val addTo: String?) : Taking

    data class Complete(val preauth: String, override val amount: Long, override val request: String, val advice: Boolean) : Taking

    data object Preauths : Route

    data class Preauth(val sale: String) : Route

    /** How much is held; [addTo] as in [Hold]. */
    data class HoldAmount(val addTo: String?) : Route

    data class CompleteAmount(val preauth: String) : Route

    /** [signs]: the card wanted a signature; the ledger does not keep that. */
    data class SaleResult(val sale: String, val signs: Boolean = false) : Route

    data class Pick(val refund: Boolean) : Route

    data class ConfirmVoid(val sale: String, val request: String) : Route

    data class ConfirmRefund(val sale: String, val request: String) : Route

    data class Progress(val undo: String) : Route

    /** What people enter who know more than the terminal. [id]: of the sale, undo or owed item. */
    data class Decide(val of: Of, val id: String) : Route {
        enum class Of { SALE, UNDO, OWED }
    }

    data class Evidence(val sale: String) : Route

    /** A refund of what another terminal sold. */
    data class ByReference(val request: String) : Route

    data object Restored : Route

    data object ImportKeys : Route

    /** Safety copies of this terminal. */
    data object Copies : Route

    /** A terminal that is not set up goes on from one. */
    data object RestoreCopy : Route

    data object Queue : Route

    data class Owed(val item: String) : Route

    data object Records : Route

    data class Record(val sale: String) : Route

    data class Explain(val code: String, val rail: Rail?) : Route

    data class Slip(val of: ReceiptOf) : Route

    data object More : Route

    data object Language : Route

    data object About : Route

    data object Licences : Route

    data object SelfCheck : Route

    data object Settlement : Route

    data object Operators : Route

    /** What failed, why, and the sums. */
    data object Report : Route

    /** The line to the acquirer. */
    data object Line : Route

    data object Printer : Route

    companion object {
        private const val SEPARATOR = "|"
        private val PLAIN = listOf(
            Opening, SetUp, Broken, Home, LogOn, Queue, Records, More, Language, About, Licences, SelfCheck, Settlement, Operators, Preauths,
            Restored, ImportKeys, Copies, RestoreCopy, Report, Line, Printer,
        ).associateBy { it.toString() }

        fun encode(route: Route): String = when (route) {
            is Pay -> join("Pay", route.amount, route.request)
            is Hold -> join("Hold", route.amount, route.request, route.addTo.orEmpty())
            is Complete -> join("Complete", route.preauth, route.amount, route.request, route.advice)
            is Preauth -> join("Preauth", route.sale)
            is HoldAmount -> join("HoldAmount", route.addTo.orEmpty())
            is CompleteAmount -> join("CompleteAmount", route.preauth)
            is SaleResult -> if (route.signs) join("SaleResult", route.sale, true) else join("SaleResult", route.sale)
            is Pick -> join("Pick", route.refund)
            is ConfirmVoid -> join("ConfirmVoid", route.sale, route.request)
            is ConfirmRefund -> join("ConfirmRefund", route.sale, route.request)
            is Progress -> join("Progress", route.undo)
            is Decide -> join("Decide", route.of, route.id)
            is Evidence -> join("Evidence", route.sale)
            is ByReference -> join("ByReference", route.request)
            is Owed -> join("Owed", route.item)
            is Record -> join("Record", route.sale)
            is Explain -> join("Explain", route.code, route.rail?.name.orEmpty())
            is Slip -> when (val of = route.of) {
                is ReceiptOf.OfSale -> join("Slip", "sale", of.sale, of.copy)
                is ReceiptOf.OfUndo -> join("Slip", "undo", of.undo, of.copy)
                is ReceiptOf.OfSettlement -> join("Slip", "settlement", of.batch, of.copy)
            }
            else -> route.toString()
        }

        /** Null for what no version of [encode] wrote. */
        fun decode(text: String): Route? {
            val parts = text.split(SEPARATOR)
            PLAIN[text]?.let { return it }
            return when (parts[0] to parts.size) {
                "Pay" to 3 -> parts[1].toLongOrNull()?.let { Pay(it, parts[2]) }
                "Hold" to 4 -> parts[1].toLongOrNull()?.let { Hold(it, parts[2], parts[3].ifEmpty { null }) }
                "Complete" to 5 -> parts[2].toLongOrNull()?.let { Complete(parts[1], it, parts[3], parts[4].toBoolean()) }
                "Preauth" to 2 -> Preauth(parts[1])
                "HoldAmount" to 2 -> HoldAmount(parts[1].ifEmpty { null })
                "CompleteAmount" to 2 -> CompleteAmount(parts[1])
                "SaleResult" to 2 -> SaleResult(parts[1])
                "SaleResult" to 3 -> SaleResult(parts[1], parts[2].toBoolean())
                "Pick" to 2 -> Pick(parts[1].toBoolean())
                "ConfirmVoid" to 3 -> ConfirmVoid(parts[1], parts[2])
                "ConfirmRefund" to 3 -> ConfirmRefund(parts[1], parts[2])
                "Progress" to 2 -> Progress(parts[1])
                "Decide" to 3 -> Decide.Of.values().firstOrNull { it.name == parts[1] }?.let { Decide(it, parts[2]) }
                "Evidence" to 2 -> Evidence(parts[1])
                "ByReference" to 2 -> ByReference(parts[1])
                "Owed" to 2 -> Owed(parts[1])
                "Record" to 2 -> Record(parts[1])
                "Explain" to 3 -> Explain(parts[1], Rail.values().firstOrNull { it.name == parts[2] })
                "Slip" to 4 -> slip(parts)
                else -> null
            }
        }

        private fun slip(parts: List<String>): Slip? {
            val copy = Copy.values().firstOrNull { it.name == parts[3] } ?: return null
            return when (parts[1]) {
                "sale" -> Slip(ReceiptOf.OfSale(parts[2], copy))
                "undo" -> Slip(ReceiptOf.OfUndo(parts[2], copy))
                "settlement" -> Slip(ReceiptOf.OfSettlement(parts[2], copy))
                else -> null
            }
        }

        private fun join(vararg parts: Any) = parts.joinToString(SEPARATOR)
    }
}

/** A PIN, a card's number or a payment code may be entered here. A result is no such screen: its picture helps who is asked for help. */
val Route.secret: Boolean
    get() = when (this) {
        is Route.Taking, is Route.ConfirmVoid, is Route.ConfirmRefund, is Route.ByReference, is Route.Decide -> true
        Route.SetUp, Route.LogOn, Route.ImportKeys, Route.Copies, Route.RestoreCopy, Route.Restored, Route.Settlement, Route.Operators -> true
        else -> false
    }
