package com.voidproof.terminal

import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.Color
import android.graphics.PixelFormat
import android.graphics.Rect
import android.media.ImageReader
import android.os.Handler
import android.os.Looper
import android.os.SystemClock
import android.util.DisplayMetrics
import android.util.Size
import android.view.Choreographer
import android.view.InputDevice
import android.view.KeyEvent
import android.view.MotionEvent
import android.view.View
import android.view.WindowManager
import android.view.inputmethod.EditorInfo
import android.view.inspector.WindowInspector
import androidx.test.platform.app.InstrumentationRegistry
import java.nio.IntBuffer
import java.util.concurrent.FutureTask
import java.util.concurrent.TimeUnit

/** Fingers and eyes for the threads of the server; everything happens on the device's main thread. Needs API 29. */
internal class Hands(metrics: DisplayMetrics) {
    private val main = Handler(Looper.getMainLooper())
    private val automation = InstrumentationRegistry.getInstrumentation().uiAutomation
    private val screen = Bitmap.createBitmap(metrics.widthPixels, metrics.heightPixels, Bitmap.Config.ARGB_8888)
    private val canvases = HashMap<Size, WindowCanvas>()

    /** The windows that tell when they draw; both on the main thread only. */
    private val watched = HashSet<View>()
    private var dirty = true

    fun tap(x: Float, y: Float) = onMain { touch(x, y) }

    /**
     * Touches the middle of the one view that [search] finds, scrolled into sight as a person would; gives how many it found. After a
     * frame: a view that was just made has no place before it.
     */
    fun tap(search: (List<View>) -> List<View>): Int = afterFrame {
        val found = search(windows())
        found.singleOrNull()?.let { view ->
            view.requestRectangleOnScreen(Rect(0, 0, view.width, view.height), true)
            val (left, top, right, bottom) = Tree.bounds(view)
            touch((left + right) / 2f, (top + bottom) / 2f)
        }
        found.size
    }

    private fun touch(x: Float, y: Float) {
        val now = SystemClock.uptimeMillis()
        touch(MotionEvent.ACTION_DOWN, now, x, y)
        touch(MotionEvent.ACTION_UP, now, x, y)
    }

    /** One part of a drag: down, move or up. */
    fun drag(action: Int, x: Float, y: Float) = onMain { touch(action, SystemClock.uptimeMillis(), x, y) }

    private fun touch(action: Int, down: Long, x: Float, y: Float) {
        val event = MotionEvent.obtain(down, SystemClock.uptimeMillis(), action, x, y, 0)
        event.source = InputDevice.SOURCE_TOUCHSCREEN
        automation.injectInputEvent(event, true)
        event.recycle()
    }

    fun key(code: Int) = onMain {
        val now = SystemClock.uptimeMillis()
        for (action in intArrayOf(KeyEvent.ACTION_DOWN, KeyEvent.ACTION_UP)) {
            automation.injectInputEvent(KeyEvent(now, now, action, code, 0), true)
        }
    }

    /** Types as an input method does, in any script; false: nothing has the focus. */
    fun type(text: String): Boolean = onMain {
        val focus = windows().lastOrNull(::takesKeys)?.findFocus()
        focus?.onCreateInputConnection(EditorInfo())?.commitText(text, 1) ?: false
    }

    fun <T> look(at: (List<View>) -> T): T = onMain { at(windows()) }

    /** Whether anything may look different since this was asked last. Costs much less than a picture. */
    fun changed(): Boolean = onMain {
        val windows = windows()
        windows.filter(watched::add).forEach { window ->
            window.viewTreeObserver.addOnPreDrawListener { true.also { dirty = true } }
        }
        val closed = watched.removeAll { it !in windows }
        (dirty || closed).also { dirty = false }
    }

    /** All windows as the device's own renderer draws them, when all views are laid out. */
    fun picture(): Pixels = afterFrame {
        val windows = windows()
        (canvases.keys - windows.map(::sizeOf).toSet()).forEach { canvases.remove(it)?.close() }
        val canvas = Canvas(screen)
        canvas.drawColor(Color.BLACK)
        windows.forEach { window ->
            val at = IntArray(2).also(window::getLocationOnScreen)
            val drawn = canvases.getOrPut(sizeOf(window)) { WindowCanvas(window.width, window.height) }.draw(window)
            canvas.drawBitmap(drawn, at[0].toFloat(), at[1].toFloat(), null)
        }
        val argb = IntArray(screen.width * screen.height)
        screen.copyPixelsToBuffer(IntBuffer.wrap(argb))
        Pixels(screen.width, screen.height, argb)
    }

    private fun sizeOf(window: View) = Size(window.width, window.height)

    private fun windows(): List<View> = WindowInspector.getGlobalWindowViews().filter { it.isShown && it.width > 0 && it.height > 0 }

    private fun takesKeys(window: View): Boolean {
        val flags = (window.layoutParams as WindowManager.LayoutParams).flags
        return flags and WindowManager.LayoutParams.FLAG_NOT_FOCUSABLE == 0
    }

    private fun <T> onMain(action: () -> T): T {
        val task = FutureTask(action)
        main.post(task)
        return task.get(PATIENCE, TimeUnit.SECONDS)
    }

    private fun <T> afterFrame(action: () -> T): T {
        val task = FutureTask(action)
        main.post { Choreographer.getInstance().postFrameCallback { main.post(task) } }
        return task.get(PATIENCE, TimeUnit.SECONDS)
    }

    private companion object {
        const val PATIENCE = 10L
    }
}

/** Native memory for the picture of one window, used again for each picture: the collector knows nothing of its size. */
private class WindowCanvas(width: Int, height: Int) : AutoCloseable {
    private val reader = ImageReader.newInstance(width, height, PixelFormat.RGBA_8888, 1)
    private val bitmap = Bitmap.createBitmap(width, height, Bitmap.Config.ARGB_8888)

    fun draw(window: View): Bitmap {
        val renderer = window.threadedRenderer
        val metrics = window.resources.displayMetrics
        renderer.setLightSourceGeometry(metrics.widthPixels / 2f, 0f, LIGHT_HEIGHT * metrics.density, LIGHT_SIZE * metrics.density)
        renderer.setLightSourceAlpha(AMBIENT, SPOT)
        renderer.setSurface(reader.surface)
        renderer.setContentRoot(window.updateDisplayListIfDirty())
        renderer.createRenderRequest().syncAndDraw()
        reader.acquireNextImage().use { bitmap.copyPixelsFromBuffer(it.planes[0].buffer) }
        return bitmap
    }

    override fun close() {
        reader.surface.release()
        reader.close()
        bitmap.recycle()
    }

    private companion object {
        const val LIGHT_HEIGHT = 600f
        const val LIGHT_SIZE = 800f
        const val AMBIENT = 0.039f
        const val SPOT = 0.19f
    }
}
