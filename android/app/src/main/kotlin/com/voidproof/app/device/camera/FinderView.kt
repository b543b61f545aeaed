package com.voidproof.app.device.camera

import android.annotation.SuppressLint
import android.content.Context
import android.graphics.Matrix
import android.graphics.RectF
import android.graphics.SurfaceTexture
import android.view.Surface
import android.view.TextureView

/** What the camera sees, filling the view: upright, in its own proportions, cut at the edges. [changed]: there is a picture to draw on, or no more. */
@SuppressLint("ViewConstructor")
class FinderView(context: Context, private val changed: (FinderView) -> Unit) : TextureView(context), TextureView.SurfaceTextureListener {
    /** Null: not on the screen. */
    var picture: SurfaceTexture? = null
        private set
    private var traits: LensTraits? = null

    init {
        surfaceTextureListener = this
    }

    fun show(traits: LensTraits) {
        this.traits = traits
        fit()
    }

    /** The texture stretches the upright picture over the whole view: it is unstretched, turned with the device, and grown to cover. */
    private fun fit() {
        val traits = traits ?: return
        if (width == 0 || height == 0) return
        val turns = when (display?.rotation) {
            Surface.ROTATION_90 -> 1
            Surface.ROTATION_180 -> 2
            Surface.ROTATION_270 -> 3
            else -> 0
        }
        setTransform(covering(traits, turns, width.toFloat(), height.toFloat()))
    }

    override fun onSurfaceTextureAvailable(surface: SurfaceTexture, width: Int, height: Int) {
        picture = surface
        changed(this)
    }

    override fun onSurfaceTextureSizeChanged(surface: SurfaceTexture, width: Int, height: Int) = fit()

    override fun onSurfaceTextureDestroyed(surface: SurfaceTexture): Boolean {
        picture = null
        changed(this)
        return true
    }

    override fun onSurfaceTextureUpdated(surface: SurfaceTexture) = Unit

    companion object {
        /** [turns]: of the display against its natural way up, in quarters. */
        fun covering(traits: LensTraits, turns: Int, width: Float, height: Float): Matrix {
            val lies = traits.turned % HALF != 0
            val across = (if (lies) traits.height else traits.width).toFloat()
            val down = (if (lies) traits.width else traits.height).toFloat()
            val odd = turns % 2 != 0
            val scale = maxOf(width / (if (odd) down else across), height / (if (odd) across else down))
            val natural = RectF(-across / 2, -down / 2, across / 2, down / 2)
            return Matrix().apply {
                setRectToRect(RectF(0f, 0f, width, height), natural, Matrix.ScaleToFit.FILL)
                postScale(scale, scale)
                postRotate(-QUARTER * turns)
                postTranslate(width / 2, height / 2)
            }
        }

        private const val HALF = 180
        private const val QUARTER = 90f
    }
}
