package com.voidproof.app.device.camera

import com.voidproof.gateway.Frame
import java.util.concurrent.atomic.AtomicBoolean

/**
 * Lets one picture at a time through to the decoder: what comes while it works is dropped, so that it always gets the newest. All
 * pictures share one array; nothing of a picture is kept beyond the next, and nothing after [wipe].
 */
class Frames {
    private val busy = AtomicBoolean()
    private var luminance = ByteArray(0)

    /** A copy of [plane] for the decoder, which calls [done] when it is through; null: drop this one. */
    fun take(plane: LumaPlane): Frame? {
        val size = plane.stride.toLong() * (plane.height - 1) + plane.width
        val whole = plane.width in 1..plane.stride && plane.height > 0 && plane.bytes.remaining() >= size
        if (!whole || !busy.compareAndSet(false, true)) return null
        if (luminance.size != size.toInt()) luminance = ByteArray(size.toInt())
        plane.bytes.get(luminance)
        return Frame(luminance, plane.width, plane.height, plane.stride)
    }

    fun done() = busy.set(false)

    /** After the last picture. */
    fun wipe() = luminance.fill(0)
}
