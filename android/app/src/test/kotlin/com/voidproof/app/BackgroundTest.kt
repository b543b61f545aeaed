package com.voidproof.app

import android.app.AlarmManager
import android.app.Application
import android.app.Notification
import android.app.NotificationManager
import android.app.job.JobInfo
import android.app.job.JobParameters
import android.app.job.JobScheduler
import android.content.Context
import android.content.Intent
import android.os.Build
import com.voidproof.app.core.Route
import com.voidproof.app.device.background.AndroidBackground
import com.voidproof.app.device.background.DeliveryJob
import com.voidproof.app.device.background.Jobs
import com.voidproof.app.device.background.Matter
import com.voidproof.app.device.background.Notices
import com.voidproof.app.device.background.StayService
import com.voidproof.app.device.background.WakeReceiver
import com.voidproof.gateway.Change
import com.voidproof.gateway.LedgerCheck
import com.voidproof.gateway.Network
import com.voidproof.gateway.SaleStatus
import com.voidproof.gateway.UndoStatus
import com.voidproof.gateway.fake.FakeGateway.Answer
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

/** What Android starts without a screen, on Android's own job scheduler, alarms, services and notifications as Robolectric has them. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 28, 34])
class BackgroundTest {
    private val app get() = RuntimeEnvironment.getApplication() as TestApp
    private val fake get() = app.fake
    private val jobs get() = app.getSystemService(Context.JOB_SCHEDULER_SERVICE) as JobScheduler
    private val job: JobInfo? get() = jobs.allPendingJobs.singleOrNull()
    private val notices get() = app.getSystemService(Context.NOTIFICATION_SERVICE) as NotificationManager
    private val alarms get() = shadowOf(app.getSystemService(Context.ALARM_SERVICE) as AlarmManager)

    @Before
    fun begin() = app.keep()

    private fun receive(action: String) {
        WakeReceiver().onReceive(app, Intent(action))
        app.idle()
    }

    private fun delivered() = fake.shop.undos.keys.toList().forEach { fake.move(it, UndoStatus.VOIDED) }

    private fun notice(matter: Matter): Notification? = shadowOf(notices).getNotification(Notices.idOf(matter))

    private val undo get() = fake.shop.undos.keys.first()

    @Test
    fun `a start of the device plans a job that outlives the next one and waits for a network`() {
        fake.queued()
        receive(Intent.ACTION_BOOT_COMPLETED)
        val job = job!!
        assertEquals(Jobs.ID, job.id)
        assertTrue(job.isPersisted)
        assertEquals(DeliveryJob::class.java.name, job.service.className)
        if (Build.VERSION.SDK_INT < 28) {
            @Suppress("DEPRECATION") // Its successor needs API 28.
            assertEquals(JobInfo.NETWORK_TYPE_ANY, job.networkType)
            assertTrue(job.maxExecutionDelayMillis > 0)
        } else {
            assertNotNull(job.requiredNetwork)
            assertFalse(job.requiredNetwork!!.hasCapability(android.net.NetworkCapabilities.NET_CAPABILITY_VALIDATED))
        }
        delivered()
        app.idle()
        assertNull(this.job)
    }

    @Test
    fun `an update verifies the queue, and a failure is shown and leads to the check`() {
        fake.online = true
        fake.safety.check = LedgerCheck(ok = false, entries = 42, problems = listOf("chain broken at entry 7"))
        receive(Intent.ACTION_MY_PACKAGE_REPLACED)
        assertTrue("verifyLedger" in fake.commands)
        assertEquals("更新后的检查发现问题", notice(Matter.UNSOUND)!!.extras.getString(Notification.EXTRA_TITLE))
        Counter().use { it.sees("自检") }
    }

    @Test
    fun `what no receiver waits for wakes nothing`() {
        receive(Intent.ACTION_POWER_CONNECTED)
        assertEquals(emptyList<String>(), fake.commands)
        assertNull(job)
    }

    @Test
    fun `the job runs the core until nothing is owed, and is then gone`() {
        fake.queued()
        fake.commands.clear()
        val service = Robolectric.setupService(DeliveryJob::class.java)
        assertTrue(service.onStartJob(parameters()))
        app.idle()
        assertEquals("open", fake.commands.first())
        assertFalse(shadowOf(service).isJobFinished)
        // While it runs none is planned: Android would end it.
        assertNull(job)
        delivered()
        app.idle()
        assertTrue(shadowOf(service).isJobFinished)
        assertFalse(shadowOf(service).isRescheduleNeeded)
        assertNull(job)
    }

    @Test
    fun `a job that Android stops is run again, and what was planned meanwhile stands`() {
        fake.queued()
        val service = Robolectric.setupService(DeliveryJob::class.java)
        service.onStartJob(parameters())
        app.idle()
        assertTrue(service.onStopJob(parameters()))
        assertNotNull(job)
        delivered()
        app.idle()
        assertFalse(shadowOf(service).isJobFinished)
    }

    /** Nothing in it is asked. */
    private fun parameters(): JobParameters = org.robolectric.util.ReflectionHelpers.newInstance(JobParameters::class.java)

    @Test
    fun `close to a deadline an alarm rings through the doze`() {
        fake.shop.left = 3_600_000
        fake.queued()
        receive(WakeReceiver.ALARM)
        val alarm = alarms.scheduledAlarms.single()
        assertTrue(alarm.isAllowWhileIdle)
        assertEquals(AlarmManager.ELAPSED_REALTIME_WAKEUP, alarm.getType())
        if (Build.VERSION.SDK_INT >= 31) assertTrue(job!!.isExpedited)
        delivered()
        app.idle()
        assertTrue(alarms.scheduledAlarms.isEmpty())
    }

    @Test
    fun `the service is there while a payment runs, and no longer`() {
        val counter = Counter()
        fake.answers += Answer.LATER
        counter.charge("128")
        fake.tell(Change.QueueChanged, persisted = false)
        app.idle()
        val started = shadowOf(app as Application).nextStartedService
        assertEquals(StayService::class.java.name, started.component!!.className)
        val service = Robolectric.buildService(StayService::class.java, started).create().startCommand(0, 1)
        assertEquals("正在收款或撤销，请稍候", shadowOf(service.get()).lastForegroundNotification.extras.getString(Notification.EXTRA_TITLE))
        assertTrue(service.get().isInFront)
        // The network is told to the core even if the activity goes.
        app.hardware.watchers.last()(Network.NONE)
        assertFalse(fake.online)
        fake.answerSale(fake.shop.sales.keys.last(), SaleStatus.APPROVED)
        app.idle()
        assertFalse(service.get().isInFront)
        assertTrue(shadowOf(service.get()).isStoppedBySelf)
        val watchers = app.hardware.watchers.size
        service.destroy()
        assertEquals(watchers - 1, app.hardware.watchers.size)
        counter.close()
    }

    @Test
    fun `a service whose reason went before it came goes at once`() {
        val service = Robolectric.buildService(StayService::class.java).create().startCommand(0, 1)
        assertFalse(service.get().isInFront)
        assertTrue(shadowOf(service.get()).isStoppedBySelf)
    }

    @Test
    fun `who is needed is called by words without a card or an amount, in the language of the app`() {
        fake.queued()
        AndroidBackground.of(app)!!.opened()
        app.idle()
        fake.move(undo, UndoStatus.NEEDS_CARD)
        app.idle()
        val shown = notice(Matter.CARD)!!
        val words = listOf(Notification.EXTRA_TITLE, Notification.EXTRA_TEXT, Notification.EXTRA_BIG_TEXT).map { shown.extras.getCharSequence(it).toString() }
        assertEquals("撤销要重新读卡", words[0])
        words.forEach { assertTrue(it, it.none { letter -> letter in '0'..'9' || letter == '¥' }) }
        assertEquals(Notification.VISIBILITY_PRIVATE, shown.visibility)
        if (Build.VERSION.SDK_INT >= 26) assertNotNull(shown.channelId)
        if (Build.VERSION.SDK_INT >= 31) assertTrue(shown.contentIntent.isImmutable)
        val intent = shadowOf(shown.contentIntent).savedIntent
        assertEquals(Route.Progress(undo), Notices.routeOf(intent))
    }

    @Test
    fun `a tapped notification leads to the void, and is gone when it was seen`() {
        fake.queued()
        AndroidBackground.of(app)!!.opened()
        fake.move(undo, UndoStatus.NEEDS_CARD)
        app.idle()
        val intent = shadowOf(notice(Matter.CARD)!!.contentIntent).savedIntent
        val counter = Counter(intent = intent)
        counter.sees("260.00")
        counter.sees("请")
        assertNull(notice(Matter.CARD))
        counter.back()
        counter.sees("收款金额")
        counter.close()
        app.idle()
        assertNull(notice(Matter.CARD))
    }

    @Test
    fun `a tapped notification gets nobody past the log-on, and leads on after it`() {
        fake.queued()
        fake.shop.here = null
        Counter(intent = Intent("com.voidproof.app.SHOW").putExtra("route", Route.encode(Route.Queue))).use { counter ->
            counter.seesNot("等网络")
            counter.digits("246810")
            counter.tap(R.id.main_action)
            counter.sees("等网络")
        }
    }

    @Test
    fun `another app's intent leads nowhere where something is done`() {
        listOf(Route.Pay(1, "r"), Route.Operators, Route.SetUp).forEach {
            assertNull(Notices.routeOf(Intent("com.voidproof.app.SHOW").putExtra("route", Route.encode(it))))
        }
        assertNull(Notices.routeOf(Intent("com.voidproof.app.SHOW").putExtra("route", "no route")))
        assertNull(Notices.routeOf(Intent(Intent.ACTION_MAIN).putExtra("route", Route.encode(Route.Queue))))
    }

    @Test
    @Config(sdk = [34])
    fun `leave to notify is asked once, when something is owed, and a no changes nothing for money`() {
        val counter = Counter()
        assertNull(asked(counter))
        fake.queued()
        fake.tell(Change.QueueChanged, persisted = false)
        counter.idle()
        assertEquals("android.permission.POST_NOTIFICATIONS", asked(counter)!!.requestedPermissions.single())
        fake.online = true
        counter.charge("128")
        counter.sees("收款成功")
        counter.close()
    }

    private fun asked(counter: Counter) = shadowOf(counter.activity).lastRequestedPermission
}
