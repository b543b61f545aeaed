package com.voidproof.app.device.print

import android.app.Activity
import android.content.Context
import android.content.pm.PackageManager
import com.voidproof.app.device.Printer
import com.voidproof.app.device.PrinterKind
import com.voidproof.app.device.PrinterSetting
import com.voidproof.app.device.print.escpos.EscPos
import com.voidproof.app.device.print.escpos.EscPosPrinter
import com.voidproof.app.device.print.escpos.Port
import com.voidproof.app.device.print.escpos.TcpPort
import com.voidproof.app.device.print.framework.FrameworkPrinter
import com.voidproof.app.device.print.picture.AndroidPen
import com.voidproof.app.device.print.usb.AndroidUsb
import com.voidproof.app.device.print.usb.UsbPort
import java.net.InetSocketAddress
import kotlin.coroutines.CoroutineContext

/** The printers of any Android terminal. [builtIn]: what a vendor's adapter brings, if this is its terminal. */
class AndroidPrinterMaker(
    private val context: Context,
    private val waiting: CoroutineContext,
    private val main: CoroutineContext,
    private val front: () -> Activity?,
    private val builtIn: Port? = null,
) : PrinterMaker {
    private val usb = AndroidUsb(context)

    override fun make(kind: PrinterKind, setting: PrinterSetting): Printer? = when (kind) {
        PrinterKind.BUILT_IN -> builtIn?.let { escPos(it, setting) }
        PrinterKind.USB -> if (usb.isThere()) escPos(UsbPort(usb::open), setting) else null
        PrinterKind.NETWORK -> setting.address?.let { escPos(TcpPort(InetSocketAddress(it.host, it.port)), setting) }
        PrinterKind.ANDROID ->
            if (context.packageManager.hasSystemFeature(PackageManager.FEATURE_PRINTING)) FrameworkPrinter(main, front) else null
        PrinterKind.NONE -> null
    }

    private fun escPos(port: Port, setting: PrinterSetting): Printer =
        EscPosPrinter(port, waiting, encode = EscPos(setting.paper, setting.drawing, AndroidPen())::encode)
}
