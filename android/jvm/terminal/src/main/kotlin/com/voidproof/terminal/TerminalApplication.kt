package com.voidproof.terminal

import android.content.SharedPreferences
import com.voidproof.app.BaseApp
import com.voidproof.app.device.Devices
import com.voidproof.gateway.Gateway
import com.voidproof.gateway.core.CoreGateway
import com.voidproof.gateway.fake.FakeGateway
import java.io.File

/** The app with a simulated counter around it, and files that outlive the process. */
class TerminalApplication : BaseApp() {
    private val state = File(System.getProperty("terminal.state")).absoluteFile
    internal val counter = SimulatedCounter()
    internal val startUp = StartUp()

    override fun gateway(devices: Devices): Gateway = startUp.watch(
        if (System.getProperty("terminal.gateway") == "fake") FakeGateway.ready() else CoreGateway(ports(devices.clock, FileKeys(folder("keystore")))),
    )

    override fun devices(): Devices = counter.devices(this) { tools().gateway }

    override fun getFilesDir(): File = folder("files")

    /** What a computer put on the device, and what it may take from there. */
    override fun getExternalFilesDir(type: String?): File = folder("external/${type.orEmpty()}")

    override fun getNoBackupFilesDir(): File = folder("no_backup")

    /** Robolectric's own folder goes with the process. */
    override fun getSharedPreferences(name: String, mode: Int): SharedPreferences {
        val constructor = Class.forName("android.app.SharedPreferencesImpl").getDeclaredConstructor(File::class.java, Int::class.java)
        constructor.isAccessible = true
        return constructor.newInstance(File(folder("settings"), "$name.xml"), mode) as SharedPreferences
    }

    private fun folder(name: String) = File(state, name).apply { mkdirs() }
}
