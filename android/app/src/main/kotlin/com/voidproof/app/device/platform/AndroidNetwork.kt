package com.voidproof.app.device.platform

import android.content.Context
import android.net.ConnectivityManager
import android.net.Network as AndroidNet
import android.net.NetworkCapabilities
import android.os.Handler
import android.os.Looper
import com.voidproof.gateway.Network
import java.io.Closeable

/**
 * The network that Android would use now. Only a page that wants to be logged on to counts as none: a private network to the acquirer
 * reaches nothing else, never counts as validated, and is right.
 */
class AndroidNetwork private constructor(private val steady: SteadyNetwork) : ConnectivityManager.NetworkCallback() {
    override fun onAvailable(network: AndroidNet) = steady.see(Network.CONNECTED)

    override fun onCapabilitiesChanged(network: AndroidNet, capabilities: NetworkCapabilities) = steady.see(stateOf(capabilities))

    override fun onLost(network: AndroidNet) = steady.see(Network.NONE)

    companion object {
        fun watch(context: Context, now: () -> Long, tell: (Network) -> Unit): Closeable {
            val manager = context.getSystemService(Context.CONNECTIVITY_SERVICE) as ConnectivityManager
            val handler = Handler(Looper.getMainLooper())
            val steady = SteadyNetwork(now, { wait, work -> handler.postDelayed(work, wait) }, tell)
            // Nothing is told of a network that is not there.
            if (manager.activeNetwork == null) steady.see(Network.NONE)
            val callback = AndroidNetwork(steady)
            return try {
                manager.registerDefaultNetworkCallback(callback)
                Closeable { manager.unregisterNetworkCallback(callback) }
            } catch (e: RuntimeException) {
                // Some devices refuse a hundredth callback, some throw at any. Without news the core tries and finds out.
                android.util.Log.w("network", "not watched: ${e.javaClass.simpleName}")
                steady.see(Network.CONNECTED)
                Closeable {}
            }
        }

        fun stateOf(capabilities: NetworkCapabilities): Network =
            if (capabilities.hasCapability(NetworkCapabilities.NET_CAPABILITY_CAPTIVE_PORTAL)) Network.PORTAL else Network.CONNECTED
    }
}
