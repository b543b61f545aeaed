package com.voidproof.app.device.print.sunmi

import com.voidproof.app.App
import com.voidproof.app.device.print.escpos.Port

/** The app for terminals of Sunmi: all that any Android has, and the printer in the housing. */
class SunmiApp : App() {
    override fun builtInPrinter(): Port? = SunmiPort.of(this)
}
