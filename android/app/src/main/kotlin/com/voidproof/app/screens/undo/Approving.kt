package com.voidproof.app.screens.undo

import com.voidproof.gateway.Consent
import com.voidproof.gateway.Operator

/** Who is asked. */
enum class Asked { SUPERVISOR, FIRST_OF_TWO, SECOND_OF_TWO }

/** A supervisor, or two people one after the other, are asked for consent. A PIN itself never stands in a state. */
data class Approving(
    val consent: Consent.Supervisor,
    /** Who may consent now. */
    val supervisors: List<Operator>,
    val chosen: String?,
    val asked: Asked = Asked.SUPERVISOR,
    /** Rises with each PIN that was wrong. */
    val tries: Int = 0,
    val attemptsLeft: Int? = null,
) {
    constructor(consent: Consent.Supervisor, supervisors: List<Operator>, asked: Asked = Asked.SUPERVISOR) :
        this(consent, supervisors, supervisors.firstOrNull()?.number, asked)

    fun wrong(attemptsLeft: Int?) = copy(tries = tries + 1, attemptsLeft = attemptsLeft)
}
