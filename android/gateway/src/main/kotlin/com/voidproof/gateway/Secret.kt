package com.voidproof.gateway

import java.io.Closeable

/** Characters that must never be shown: a PIN, an account number. Wiped on [close]. */
class Secret(private val characters: CharArray) : Closeable {
    constructor(text: CharSequence) : this(CharArray(text.length, text::get))

    val length: Int get() = characters.size

    /** Lends the characters to [use]; they must not be kept. */
    fun <T> reveal(use: (CharArray) -> T): T = use(characters)

    override fun close() = characters.fill('\u0000')

    override fun toString() = "***"
}
