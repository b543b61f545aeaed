package com.voidproof.app

import android.app.Application
import android.content.Context
import android.os.Looper
import com.voidproof.app.core.SettingsStore
import com.voidproof.app.core.Start
import com.voidproof.app.core.StartPart
import com.voidproof.app.core.StartTrace
import com.voidproof.app.core.Tools
import com.voidproof.app.device.Background
import com.voidproof.app.device.Devices
import com.voidproof.app.device.Front
import com.voidproof.app.device.background.AndroidAround
import com.voidproof.app.device.background.AndroidBackground
import com.voidproof.app.device.background.Keeper
import com.voidproof.app.device.background.Screens
import com.voidproof.app.device.platform.AndroidDevices
import com.voidproof.app.device.platform.AndroidKeys
import com.voidproof.app.device.platform.AndroidSettings
import com.voidproof.app.device.platform.AndroidTrace
import com.voidproof.app.device.print.escpos.Port
import com.voidproof.gateway.Clock
import com.voidproof.gateway.CopyPlace
import com.voidproof.gateway.Edition
import com.voidproof.gateway.Gateway
import com.voidproof.gateway.KeyStore
import com.voidproof.gateway.Ports
import com.voidproof.gateway.core.CoreGateway
import java.io.File
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.withContext

/** The app as it is shipped: on the Rust core, with what an Android device has. */
open class App : BaseApp() {
    override fun gateway(devices: Devices): Gateway = CoreGateway(ports(devices.clock, AndroidKeys(), devices.copies?.place)).apply {
        forbidThread(Looper.getMainLooper().thread)
    }
}

/** Owns the one gateway to the core, for as long as the process lives. */
abstract class BaseApp : Application(), Start {
    /** Where files are touched: never the main thread. */
    protected open val files: CoroutineDispatcher get() = Dispatchers.IO

    final override val devices: Devices by lazy { devices() }
    protected val front = Front()
    internal val trace = StartTrace(AndroidTrace)
    final override val settings: SettingsStore by lazy { AndroidSettings(this, files) }
    private val screens = Screens()

    override fun attachBaseContext(base: Context) {
        trace.begin(StartPart.APPLICATION)
        super.attachBaseContext(base)
    }

    override fun onCreate() {
        super.onCreate()
        registerActivityLifecycleCallbacks(front)
        registerActivityLifecycleCallbacks(screens)
        trace.end(StartPart.APPLICATION)
    }

    /** Even to ask for a folder touches the disk. */
    private val tools: Tools by lazy { Tools(trace.watch(gateway(devices)), devices) }

    final override suspend fun tools(): Tools = withContext(files) { tools }

    protected abstract fun gateway(devices: Devices): Gateway

    /** The ledger's place, and the place beside it that no backup and no copy of the ledger reaches. */
    protected fun ports(clock: Clock, keys: KeyStore, copies: CopyPlace? = null) = Ports(
        File(filesDir, "home"),
        File(noBackupFilesDir, "outside"),
        clock,
        keys,
        if (resources.getBoolean(R.bool.live)) Edition.LIVE else Edition.TRAINING,
        copies,
    )

    protected open fun devices(): Devices = AndroidDevices(this, { tools().gateway }, { background(it) }, front, ::builtInPrinter)

    private fun background(devices: Devices): Background =
        background(devices, Keeper.REST, CoroutineScope(SupervisorJob() + Dispatchers.Default))

    /** [rest]: milliseconds between two looks at the queue. */
    protected fun background(devices: Devices, rest: Long, scope: CoroutineScope): Background {
        val around = AndroidAround(this, screens, settings, devices)
        val keeper = Keeper({ tools().gateway }, around, scope, rest)
        screens.changed = keeper::changed
        return AndroidBackground(keeper, around)
    }

    /** The way to the printer in the terminal's own housing, in an edition for its maker. */
    protected open fun builtInPrinter(): Port? = null
}
