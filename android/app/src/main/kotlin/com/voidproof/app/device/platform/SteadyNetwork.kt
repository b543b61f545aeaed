package com.voidproof.app.device.platform

import com.voidproof.gateway.Network

/**
 * The network's state, told once it has held for a while: each change makes the core try everything owed, so one that comes and goes is
 * told less and less often. The first is told at once. [later] runs something after so many milliseconds; [now] counts them.
 */
class SteadyNetwork(
    private val now: () -> Long,
    private val later: (Long, () -> Unit) -> Unit,
    private val tell: (Network) -> Unit,
) {
    private var seen: Network? = null
    private var told: Network? = null
    private var toldAt = 0L
    private var hold = SHORTEST

    /** How many were seen; what waited for its time while another came is not told. */
    private var count = 0

    @Synchronized
    fun see(network: Network) {
        if (network == seen) return
        seen = network
        count++
        when (told) {
            null -> say(network)
            network -> Unit
            else -> {
                val mine = count
                later(hold) { held(mine, network) }
            }
        }
    }

    @Synchronized
    private fun held(mine: Int, network: Network) {
        if (mine != count) return
        hold = if (now() - toldAt < CALM) minOf(hold * 2, LONGEST) else SHORTEST
        say(network)
    }

    private fun say(network: Network) {
        told = network
        toldAt = now()
        tell(network)
    }

    private companion object {
        const val SHORTEST = 1_000L
        const val LONGEST = 32_000L

        /** After so long without a change the network counts as steady again. */
        const val CALM = 120_000L
    }
}
