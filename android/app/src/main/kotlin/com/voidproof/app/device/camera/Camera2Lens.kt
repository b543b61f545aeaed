package com.voidproof.app.device.camera

import android.annotation.SuppressLint
import android.content.Context
import android.graphics.ImageFormat
import android.graphics.SurfaceTexture
import android.hardware.camera2.CameraAccessException
import android.hardware.camera2.CameraCaptureSession
import android.hardware.camera2.CameraCharacteristics
import android.hardware.camera2.CameraDevice
import android.hardware.camera2.CameraManager
import android.hardware.camera2.CaptureRequest
import android.media.ImageReader
import android.os.Handler
import android.os.HandlerThread
import android.os.Looper
import android.util.Size
import android.view.Surface
import com.voidproof.app.device.CameraState

/** The platform's cameras: one that looks away from the screen, else one that is plugged in, else one that looks at the person. */
class Camera2Lens(context: Context) : Lens {
    private val manager = context.getSystemService(Context.CAMERA_SERVICE) as CameraManager
    private val main = Handler(Looper.getMainLooper())

    override fun open(picture: SurfaceTexture, listener: LensListener): OpenLens = Opened(picture, listener).apply { begin() }

    private fun choose(): Pair<String, CameraCharacteristics>? = manager.cameraIdList
        .map { it to manager.getCameraCharacteristics(it) }
        .minByOrNull { (_, traits) -> ORDER.indexOf(traits[CameraCharacteristics.LENS_FACING]).takeIf { it >= 0 } ?: ORDER.size }

    /** All but [light] and [close] runs on its own thread. */
    private inner class Opened(private val picture: SurfaceTexture, private val listener: LensListener) :
        CameraDevice.StateCallback(), OpenLens {
        private val thread = HandlerThread("camera").apply { start() }
        private val handler = Handler(thread.looper)

        @Volatile
        private var closed = false

        /** The platform still owes an answer; the thread must be there to take it. */
        private var opening = false
        private var device: CameraDevice? = null
        private var session: CameraCaptureSession? = null
        private var request: CaptureRequest.Builder? = null
        private var reader: ImageReader? = null
        private var traits: LensTraits? = null
        private var focus = false

        fun begin() = onThread { start() }

        override fun light(on: Boolean) = onThread {
            val wanted = request ?: return@onThread
            wanted.set(CaptureRequest.FLASH_MODE, if (on) CaptureRequest.FLASH_MODE_TORCH else CaptureRequest.FLASH_MODE_OFF)
            session?.setRepeatingRequest(wanted.build(), null, handler)
        }

        override fun close() {
            closed = true
            handler.post { release() }
        }

        /** A device that is going away throws; it is gone then. */
        private fun release() {
            try {
                session?.close()
                device?.close()
                reader?.close()
            } catch (e: RuntimeException) {
                android.util.Log.i("camera", "not closed: ${e.javaClass.simpleName}")
            }
            if (!opening) thread.quitSafely()
        }

        private fun onThread(work: () -> Unit) {
            handler.post { guarded(work) }
        }

        private fun guarded(work: () -> Unit) {
            if (closed) return
            try {
                work()
            } catch (e: CameraAccessException) {
                fail(reason(e.reason))
            } catch (e: SecurityException) {
                fail(CameraState.ASKS)
            } catch (e: RuntimeException) {
                // What vendors' cameras throw is written nowhere.
                android.util.Log.i("camera", "failed: ${e.javaClass.simpleName}")
                fail(CameraState.BROKEN)
            }
        }

        private fun fail(why: CameraState) = onMain { listener.failed(why) }

        private fun onMain(work: () -> Unit) {
            main.post { if (!closed) work() }
        }

        @SuppressLint("MissingPermission") // Asked for before; without it the camera throws, which is told.
        private fun start() {
            val (id, found) = choose() ?: return fail(CameraState.ABSENT)
            val size = size(found) ?: return fail(CameraState.BROKEN)
            traits = LensTraits(
                size.width,
                size.height,
                found[CameraCharacteristics.SENSOR_ORIENTATION] ?: 0,
                found[CameraCharacteristics.FLASH_INFO_AVAILABLE] == true,
            )
            picture.setDefaultBufferSize(size.width, size.height)
            reader = ImageReader.newInstance(size.width, size.height, ImageFormat.YUV_420_888, PICTURES).apply {
                setOnImageAvailableListener({ look(it) }, handler)
            }
            focus = found[CameraCharacteristics.CONTROL_AF_AVAILABLE_MODES]?.contains(CaptureRequest.CONTROL_AF_MODE_CONTINUOUS_PICTURE) == true
            manager.openCamera(id, this, handler)
            opening = true
        }

        private fun size(found: CameraCharacteristics): Size? {
            val sizes = found[CameraCharacteristics.SCALER_STREAM_CONFIGURATION_MAP] ?: return null
            val shown = sizes.getOutputSizes(SurfaceTexture::class.java).orEmpty().toSet()
            val read = sizes.getOutputSizes(ImageFormat.YUV_420_888).orEmpty().toList()
            return nearest(read.filter { it in shown }.ifEmpty { read })
        }

        /** Each picture is taken and given back, so that the preview never waits for the decoder. */
        private fun look(reader: ImageReader) = guarded {
            reader.acquireLatestImage()?.use { image ->
                val plane = image.planes[0]
                listener.picture(LumaPlane(plane.buffer, image.width, image.height, plane.rowStride))
            }
        }

        private fun answered(camera: CameraDevice) {
            opening = false
            device = camera
            if (closed) release()
        }

        override fun onOpened(camera: CameraDevice) {
            answered(camera)
            guarded {
                val reader = reader ?: return@guarded
                val shown = Surface(picture)
                val wanted = camera.createCaptureRequest(CameraDevice.TEMPLATE_PREVIEW).apply {
                    addTarget(shown)
                    addTarget(reader.surface)
                    if (focus) set(CaptureRequest.CONTROL_AF_MODE, CaptureRequest.CONTROL_AF_MODE_CONTINUOUS_PICTURE)
                }
                request = wanted
                @Suppress("DEPRECATION") // Its successor needs API 28.
                camera.createCaptureSession(listOf(shown, reader.surface), configured(wanted), handler)
            }
        }

        private fun configured(wanted: CaptureRequest.Builder) = object : CameraCaptureSession.StateCallback() {
            override fun onConfigured(made: CameraCaptureSession) = guarded {
                session = made
                made.setRepeatingRequest(wanted.build(), null, handler)
                traits?.let { seen -> onMain { listener.sees(seen) } }
            }

            override fun onConfigureFailed(made: CameraCaptureSession) = fail(CameraState.BROKEN)
        }

        override fun onDisconnected(camera: CameraDevice) {
            answered(camera)
            fail(CameraState.BUSY)
        }

        override fun onError(camera: CameraDevice, error: Int) {
            answered(camera)
            fail(
                when (error) {
                    ERROR_CAMERA_IN_USE, ERROR_MAX_CAMERAS_IN_USE -> CameraState.BUSY
                    ERROR_CAMERA_DISABLED -> CameraState.DISABLED
                    else -> CameraState.BROKEN
                },
            )
        }
    }

    companion object {
        private val ORDER =
            listOf(CameraCharacteristics.LENS_FACING_BACK, CameraCharacteristics.LENS_FACING_EXTERNAL, CameraCharacteristics.LENS_FACING_FRONT)

        /** One is looked at while the next is filled. */
        private const val PICTURES = 2

        /** Enough for a code at arm's length, little enough to be read between two pictures. */
        private const val PIXELS = 1280L * 720

        /** The decoder's longest side. */
        private const val LONGEST = 4096

        /** The one with the right number of pixels. */
        fun nearest(sizes: List<Size>): Size? = sizes.filter { it.width <= LONGEST && it.height <= LONGEST }
            .minByOrNull { kotlin.math.abs(it.width.toLong() * it.height - PIXELS) }

        fun reason(reason: Int): CameraState = when (reason) {
            CameraAccessException.CAMERA_IN_USE, CameraAccessException.MAX_CAMERAS_IN_USE, CameraAccessException.CAMERA_DISCONNECTED ->
                CameraState.BUSY
            CameraAccessException.CAMERA_DISABLED -> CameraState.DISABLED
            else -> CameraState.BROKEN
        }
    }
}
