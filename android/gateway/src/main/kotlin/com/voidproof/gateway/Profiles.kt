package com.voidproof.gateway

import java.io.Closeable

/**
 * A profile as picked by a person: the bytes of the TOML file, and those of the PEM files that it names, by the name in the profile.
 * Holds secrets: never kept, never shown; wiped on [close].
 */
class ProfileFile(private val toml: ByteArray, private val beside: Map<String, ByteArray> = emptyMap()) : Closeable {
    /** Lends the bytes to [use]; they must not be kept. */
    fun <T> reveal(use: (toml: ByteArray, beside: Map<String, ByteArray>) -> T): T = use(toml, beside)

    /** This one and one more file, after [Failure.ProfileInvalid.missing] named it. */
    fun with(name: String, bytes: ByteArray) = ProfileFile(toml, beside + (name to bytes))

    override fun close() {
        toml.fill(0)
        beside.values.forEach { it.fill(0) }
    }

    override fun toString() = "ProfileFile(***)"
}
