package com.voidproof.app.screens.undo

import com.voidproof.gateway.Consent
import com.voidproof.gateway.Operator

/** A supervisor is asked for consent. The PIN itself never stands in a state. */
data class Approving(
    val consent: Consent.Supervisor,
    val supervisors: List<Operator>,
    val chosen: String?,
    /** Rises with each PIN that was wrong. */
    val tries: Int = 0,
    val attemptsLeft: Int? = null,
) {
    constructor(consent: Consent.Supervisor, supervisors: List<Operator>) :
        this(consent, supervisors, supervisors.firstOrNull()?.number)

    fun wrong(attemptsLeft: Int?) = copy(tries = tries + 1, attemptsLeft = attemptsLeft)
}
