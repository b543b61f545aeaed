package com.voidproof.app.device.camera

import android.graphics.SurfaceTexture
import com.voidproof.app.device.CameraState
import java.io.Closeable
import java.nio.ByteBuffer

/** A camera as the scanner needs it. */
interface Lens {
    /** Opens it and shows on [picture] what it sees. */
    fun open(picture: SurfaceTexture, listener: LensListener): OpenLens
}

/** Closing it ends everything: the listener hears no more. */
interface OpenLens : Closeable {
    fun light(on: Boolean)
}

interface LensListener {
    /** On the main thread. */
    fun sees(traits: LensTraits)

    /** Why there is no picture, or no more; on the main thread. */
    fun failed(why: CameraState)

    /** One picture, on a thread of the lens's own; [plane] is gone when this returns. */
    fun picture(plane: LumaPlane)
}

/** Size of the pictures in pixels, degrees by which the sensor is turned against the device, and whether there is a lamp. */
data class LensTraits(val width: Int, val height: Int, val turned: Int, val lamp: Boolean)

/** The luminance of one picture: [height] rows that begin [stride] bytes apart; the last may end with its last pixel. */
class LumaPlane(val bytes: ByteBuffer, val width: Int, val height: Int, val stride: Int)
