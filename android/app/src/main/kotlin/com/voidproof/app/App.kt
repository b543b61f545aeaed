package com.voidproof.app

import android.app.Application
import com.voidproof.app.core.Tools
import com.voidproof.app.device.AndroidDevices
import com.voidproof.app.device.Devices
import com.voidproof.gateway.Gateway

/** Owns the one gateway to the core, for as long as the process lives. */
abstract class BaseApp : Application() {
    val tools: Tools by lazy {
        val devices = devices()
        Tools(gateway(devices), devices)
    }

    protected abstract fun gateway(devices: Devices): Gateway

    protected open fun devices(): Devices = AndroidDevices(this)
}
