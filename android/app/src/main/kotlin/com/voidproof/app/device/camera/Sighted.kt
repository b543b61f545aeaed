package com.voidproof.app.device.camera

import com.voidproof.gateway.Secret
import java.io.Closeable

/** A code that stays before the camera is told once, not with every picture. Times in milliseconds. */
class Sighted : Closeable {
    private class Sight(val code: Secret, var at: Long)

    private val sights = ArrayList<Sight>()

    /** When several were last seen at once; null: never. */
    private var severalAt: Long? = null

    /** True: [code] was out of sight for a while, or was never in it, and stood alone. */
    fun isNew(code: Secret, now: Long): Boolean {
        forget(now)
        val alone = severalAt?.let { now - it >= ALONE } ?: true
        val known = sights.firstOrNull { same(it.code, code) }
        known?.at = now
        if (known != null || !alone) return false
        sights += Sight(code.reveal { Secret(it.copyOf()) }, now)
        return true
    }

    /** One of several must not be taken because the next picture shows it better than the others. */
    fun several(now: Long) {
        severalAt = now
    }

    private fun forget(now: Long) {
        val (kept, gone) = sights.partition { now - it.at < FORGOTTEN }
        gone.forEach { it.code.close() }
        sights.clear()
        sights += kept
    }

    private fun same(a: Secret, b: Secret) = a.reveal { left -> b.reveal { right -> left.contentEquals(right) } }

    override fun close() {
        sights.forEach { it.code.close() }
        sights.clear()
        severalAt = null
    }

    private companion object {
        /** Out of sight that long, a code counts as shown again. */
        const val FORGOTTEN = 2_000L

        /** That long alone in sight. */
        const val ALONE = 700L
    }
}
