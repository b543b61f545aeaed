package com.voidproof.gateway

import java.io.File

/** What the core needs of the device. Called on the core's threads; must be quick and must not call the [Gateway]. */
class Ports(
    /** The terminal's home: ledger and keys. */
    val home: File,
    /** Beside it, never copied or backed up with it: tells a restored ledger from the living one. */
    val outside: File,
    val clock: Clock,
    val keys: KeyStore,
    /** Of the app. A core that is not told marks all it does as practice. */
    val edition: Edition = Edition.TRAINING,
    /** Null: this device keeps nothing outside the app. */
    val copies: CopyPlace? = null,
)

/** Each has a ledger of its own. */
enum class Edition {
    /** For money: takes no host that cannot be real and no key that anybody can read. */
    LIVE,

    /** For practice and tests: every screen and every slip says so. */
    TRAINING,
}

interface Clock {
    /** Epoch milliseconds of the wall clock; for display and records only. */
    fun wall(): Long

    /** Milliseconds since boot, time asleep included. */
    fun sinceBoot(): Long

    /** Changes with each boot. */
    fun bootId(): String
}

/** Wraps the core's data key with a key that does not leave the platform. */
interface KeyStore {
    fun wrap(key: ByteArray): ByteArray

    /** Null: the platform no longer has the key. */
    fun unwrap(wrapped: ByteArray): ByteArray?
}
