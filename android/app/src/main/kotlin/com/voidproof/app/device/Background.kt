package com.voidproof.app.device

/** What goes on while nobody looks at a screen: what is owed is delivered, what runs is not cut off, a person is called. */
interface Background {
    /** The core is open: from now on what it owes is watched. Safe to call again. */
    fun opened()

    /** After an update the ledger is verified once. False: something is wrong with it; asked again, it is verified again. */
    suspend fun isSound(): Boolean
}
