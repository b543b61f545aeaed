package com.voidproof.app.unit

import com.voidproof.app.device.platform.SteadyNetwork
import com.voidproof.gateway.Network
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

class SteadyNetworkTest {
    private var now = 0L
    private val waiting = ArrayList<Pair<Long, () -> Unit>>()
    private val told = ArrayList<Network>()
    private val network = SteadyNetwork({ now }, { wait, work -> waiting += now + wait to work }, told::add)

    /** Lets [time] pass; what is due meanwhile is done at its moment. */
    private fun pass(time: Long) {
        val end = now + time
        while (true) {
            val next = waiting.filter { it.first <= end }.minByOrNull { it.first } ?: break
            waiting -= next
            now = next.first
            next.second()
        }
        now = end
    }

    @Test
    fun `the first state is told at once, each other when it has held`() {
        network.see(Network.NONE)
        assertEquals(listOf(Network.NONE), told)
        network.see(Network.CONNECTED)
        assertEquals(listOf(Network.NONE), told)
        pass(1_000)
        assertEquals(listOf(Network.NONE, Network.CONNECTED), told)
    }

    @Test
    fun `what is gone before its time is not told`() {
        network.see(Network.CONNECTED)
        network.see(Network.NONE)
        pass(500)
        network.see(Network.CONNECTED)
        pass(60_000)
        assertEquals(listOf(Network.CONNECTED), told)
    }

    @Test
    fun `a page to log on at is told, and that it was done`() {
        listOf(Network.CONNECTED, Network.PORTAL, Network.CONNECTED).forEach {
            network.see(it)
            pass(5_000)
        }
        assertEquals(listOf(Network.CONNECTED, Network.PORTAL, Network.CONNECTED), told)
    }

    @Test
    fun `a flapping network does not storm the core, and ends in what it is`() {
        network.see(Network.CONNECTED)
        repeat(150) {
            network.see(Network.NONE)
            pass(2_000)
            network.see(Network.CONNECTED)
            pass(2_000)
        }
        assertTrue("${told.size} in ten minutes", told.size < 10)
        pass(60_000)
        assertEquals(Network.CONNECTED, told.last())
        network.see(Network.NONE)
        pass(32_000)
        assertEquals(Network.NONE, told.last())
    }

    @Test
    fun `after a calm while a change is told soon again`() {
        repeat(5) {
            network.see(if (it % 2 == 0) Network.CONNECTED else Network.NONE)
            pass(20_000)
        }
        pass(600_000)
        network.see(Network.NONE)
        pass(32_000)
        val before = told.size
        pass(600_000)
        network.see(Network.CONNECTED)
        pass(1_000)
        assertEquals(before + 1, told.size)
    }
}
