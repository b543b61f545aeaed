package com.voidproof.gateway

enum class Language { ZH, EN }

/** How the money went. */
enum class Rail { UNIONPAY, WECHAT, ALIPAY }

/** What the device says of its network. */
enum class Network {
    NONE,

    /** There is one, behind a page on which somebody has to log on. */
    PORTAL,
    CONNECTED,
}

/** How the hosts have answered lately. [PORTAL]: none can, as the network wants to be logged on to first. */
enum class Link { UNKNOWN, ONLINE, SLOW, OFFLINE, PORTAL }

/** Made by the app before a command, kept with the screen: the same id never acts twice. At most 32 ASCII characters. */
data class RequestId(val value: String)

/** What the core said when it was opened. */
sealed interface CoreState {
    /** No profile yet, or no supervisor yet. */
    data object NeedsSetUp : CoreState

    data class Ready(val terminal: Terminal) : CoreState

    /** The ledger cannot be used. [owed]: something is or may be owed, so nothing may be cleared. */
    data class Broken(val failure: Failure, val owed: Boolean) : CoreState
}

/** Parts of the core that not every build has. */
enum class Ability {
    REFUND, SETTLEMENT, PREAUTH,

    /** [Rescue.clear]. */
    CLEAR,

    /** [Means.Code] and [Wallets.recognise]. */
    PAYMENT_CODES,

    /** [Means.Show] and [Wallets.modules]. */
    SHOWN_CODES,

    /** [Wallets.readFrame]. */
    CAMERA,

    /** [Gateway.giveUpSale] and [Wallets.handedOver]. */
    TAKE_BACK,
}

enum class SignIn { SIGNED_OUT, SIGNING_IN, SIGNED_IN, REFUSED }

data class Terminal(
    val merchantName: String,
    val merchantId: String,
    val terminalId: String,
    val rails: Set<Rail>,
    val signIn: SignIn,
    /** Why the last sign-in failed. */
    val signInFailure: Explanation?,
    /** Six digits; null before the first sign-in. */
    val batch: String?,
    val link: Link,
    val owed: Owed,
    /** Who is logged on; null: nobody. */
    val operator: Operator?,
    /** The payment that the counter is waiting for; to be shown again after a crash. */
    val underWay: Sale?,
    /** The hosts are simulated: no real money moves. */
    val training: Boolean,
    /** The ledger was put back from a copy: nothing is sent until [Rescue.acceptRestored]. */
    val restored: Boolean = false,
)

/** What the terminal still owes, in sum. */
data class Owed(
    val count: Int,
    /** Of the undos among them, minor units. */
    val amount: Long,
    val nearest: Deadline?,
    val voids: Int,
)

/**
 * A moment counted on trusted time. [at] is for display only; [left] is what remained when this was read and counts down
 * with the time since boot. Not [certain]: no trusted time since boot, so nothing expires and the person is told so.
 */
data class Deadline(val at: Long, val left: Long, val certain: Boolean)

enum class Role { CASHIER, SUPERVISOR }

data class Operator(val number: String, val name: String, val role: Role, val enabled: Boolean)

data class NewOperator(val number: String, val name: String, val role: Role, val pin: Secret)

/** A second person's consent: single use, for one command. */
data class Approval(val operator: String, val pin: Secret)

data class ProfileSummary(
    val merchantName: String,
    val merchantId: String,
    val terminalId: String,
    val rails: Set<Rail>,
    val training: Boolean,
)

/** [took]: until the answer; null where none came, and [explanation] says why. */
data class LineTest(val took: Long?, val explanation: Explanation?)

enum class CheckState { OK, WARNING, BAD }

/** One line of the self-check, in the core's words and the language set. */
data class CheckItem(val title: String, val detail: String, val state: CheckState)
