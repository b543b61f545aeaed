package com.voidproof.app.device

import com.voidproof.gateway.Modules

/** The screen on the customer's side. Shows a payment while it runs, and nothing else ever. */
interface CustomerDisplay {
    /** Null: no payment runs, and nothing is shown. For the main thread. */
    fun show(sees: CustomerSees?)
}

/** All that a customer may see. [amount] in fen. [code]: to be scanned by the customer's phone. */
data class CustomerSees(val amount: Long, val asked: Asked, val code: Modules? = null) {
    /** What the customer is asked to do. */
    enum class Asked { PRESENT_CARD, SHOW_CODE, SCAN, ENTER_PASSWORD, WAIT }
}
