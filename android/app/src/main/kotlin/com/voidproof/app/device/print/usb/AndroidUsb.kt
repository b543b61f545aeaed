package com.voidproof.app.device.print.usb

import android.app.PendingIntent
import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.hardware.usb.UsbConstants
import android.hardware.usb.UsbDevice
import android.hardware.usb.UsbDeviceConnection
import android.hardware.usb.UsbEndpoint
import android.hardware.usb.UsbInterface
import android.hardware.usb.UsbManager
import com.voidproof.app.device.platform.hear
import com.voidproof.app.device.platform.isPinned
import com.voidproof.app.device.print.escpos.NotAllowed
import java.util.concurrent.Semaphore
import java.util.concurrent.TimeUnit

/** The first USB printer that is plugged in. Android asks the person once for each. */
class AndroidUsb(private val context: Context) {
    /** Null on a device that is no USB host. */
    private val manager: UsbManager? =
        if (context.packageManager.hasSystemFeature(FEATURE)) context.getSystemService(Context.USB_SERVICE) as UsbManager? else null

    fun isThere(): Boolean = printer() != null

    private fun printer(): Pair<UsbDevice, UsbInterface>? = manager?.deviceList?.values?.sortedBy(UsbDevice::getDeviceName)?.firstNotNullOfOrNull { device ->
        faces(device).firstOrNull { it.interfaceClass == UsbConstants.USB_CLASS_PRINTER && bulk(it, UsbConstants.USB_DIR_OUT) != null }
            ?.let { device to it }
    }

    private fun faces(device: UsbDevice) = (0 until device.interfaceCount).map(device::getInterface)

    /** For a thread that may wait: the person is asked. Null: no printer, or it went away. */
    fun open(): UsbPipe? {
        val manager = manager ?: return null
        val (device, face) = printer() ?: return null
        if (!manager.hasPermission(device)) {
            if (isPinned(context)) throw NotAllowed(pinned = true)
            if (!ask(manager, device)) throw NotAllowed()
        }
        val connection = manager.openDevice(device) ?: return null
        if (!connection.claimInterface(face, true)) {
            connection.close()
            return null
        }
        return Pipe(connection, face)
    }

    /** The answer is read from the manager: what a broadcast carries is not trusted, and the intent stays immutable. */
    private fun ask(manager: UsbManager, device: UsbDevice): Boolean {
        val answered = Semaphore(0)
        val receiver = object : BroadcastReceiver() {
            override fun onReceive(context: Context, intent: Intent) = answered.release()
        }
        context.hear(receiver, IntentFilter(ASKED), outside = false)
        try {
            val intent = Intent(ASKED).setPackage(context.packageName)
            manager.requestPermission(device, PendingIntent.getBroadcast(context, 0, intent, PendingIntent.FLAG_IMMUTABLE))
            answered.tryAcquire(PATIENCE, TimeUnit.SECONDS)
        } finally {
            context.unregisterReceiver(receiver)
        }
        return manager.hasPermission(device)
    }

    private class Pipe(private val connection: UsbDeviceConnection, private val face: UsbInterface) : UsbPipe {
        private val to = bulk(face, UsbConstants.USB_DIR_OUT)
        private val back = bulk(face, UsbConstants.USB_DIR_IN)

        override fun send(bytes: ByteArray, from: Int, count: Int, limit: Int) = connection.bulkTransfer(to, bytes, from, count, limit)

        override fun receive(into: ByteArray, limit: Int) = if (back == null) -1 else connection.bulkTransfer(back, into, into.size, limit)

        override fun close() {
            connection.releaseInterface(face)
            connection.close()
        }
    }

    private companion object {
        const val FEATURE = android.content.pm.PackageManager.FEATURE_USB_HOST

        const val ASKED = "com.voidproof.app.USB_PRINTER"

        /** Seconds for the person to answer. */
        const val PATIENCE = 25L

        fun bulk(face: UsbInterface, direction: Int): UsbEndpoint? = (0 until face.endpointCount).map(face::getEndpoint)
            .firstOrNull { it.type == UsbConstants.USB_ENDPOINT_XFER_BULK && it.direction == direction }
    }
}
