package com.voidproof.gateway.fake

import com.voidproof.gateway.Cause
import com.voidproof.gateway.Explanation
import com.voidproof.gateway.Goods
import com.voidproof.gateway.Rail
import com.voidproof.gateway.Retry

/** What a code is called and what to do, in both languages. */
private class Words(val title: Pair<String, String>, val next: Pair<String, String>)

private val WORDS = mapOf(
    "12" to Words("已过撤销时间" to "Too late to void", "原交易已经结算，请改用退货。" to "The sale has been settled. Make a refund instead."),
    "51" to Words("卡上余额不足" to "Not enough money on the card", "请顾客换一张卡，或换一种方式付款。" to "Ask for another card or another way to pay."),
    "net.DOWN" to Words("没有网络" to "No network", "检查网线或热点，再收一次。" to "Check cable or hotspot, then charge again."),
    "local.OTHER_CARD" to Words("不是原来的卡" to "Not the same card", "请读付款时用的那张卡。" to "Read the card that paid."),
    "local.OVER_PREAUTH" to Words("超过预授权可完成金额" to "More than may be taken", "请减少金额。" to "Take less."),
    "local.PREAUTH_TAKEN" to Words("预授权已完成或已撤销" to "The hold is taken or gone", "请先撤销它的完成。" to "Void its completion first."),
    "local.NOTHING_TO_UNDO" to Words("没有可撤销的款项" to "There is nothing to take back", "这笔没有收到钱。" to "No money was taken."),
    "local.ALREADY_UNDONE" to Words("已经撤销或退货" to "Taken back already", "请查看记录。" to "Look at the record."),
    "local.PARTLY_REFUNDED" to Words("已部分退货" to "Refunded in part", "余下的请用退货。" to "Refund the rest."),
    "local.OVER_REMAINING" to Words("超过可退金额" to "More than can be given back", "请减少金额。" to "Give back less."),
    "local.NOT_IN_THIS_STATE" to Words("现在不能这样做" to "Not in this state", "请刷新后再看。" to "Look again."),
    "local.APPROVAL_NEEDED" to Words("需要主管同意" to "A supervisor has to consent", "请主管输入密码。" to "Have a supervisor enter the PIN."),
    "local.APPROVAL_SAME_PERSON" to Words("须由两个人同意" to "Two people have to consent", "请另一个人输入密码。" to "Have another person enter a PIN."),
    "local.APPROVAL_NOT_SUPERVISOR" to Words("须有一位主管" to "One has to be a supervisor", "请主管输入密码。" to "Have a supervisor enter the PIN."),
    "local.PASSPHRASE_UNFIT" to Words("这个口令不能用" to "This passphrase cannot be used", "口令要 12 到 128 个字符。" to "Use 12 to 128 characters."),
    "local.PASSPHRASE_WRONG" to Words("口令不对" to "Wrong passphrase", "请核对大小写和空格再输一次。" to "Check capitals and spaces and type it again."),
    "local.COPY_PLACE_GONE" to Words("副本文件夹不见了" to "The folder for copies is gone", "请插好存储卡，或另选文件夹。" to "Put the card back, or choose another folder."),
    "local.NOT_A_PAYMENT_CODE" to Words("这不是付款码" to "Not a payment code", "请顾客打开付款码，不是收款码。" to "Ask for the code that pays, not one that is paid."),
)
private val OTHER = Words("需要人工核实" to "To be traced by hand", "请致电收单机构，报查询编号。" to "Call the acquirer and give the reference.")

internal fun FakeShop.explanation(code: String, rail: Rail?): Explanation {
    val words = WORDS[code] ?: OTHER
    return Explanation(
        code = code,
        rail = rail,
        cause = if (code.startsWith("net.")) Cause.NETWORK else if (code.startsWith("local.")) Cause.PROCEDURE else Cause.LIMITS,
        title = words(words.title.first, words.title.second),
        nextStep = words(words.next.first, words.next.second),
        whoFixes = words("您自己，现在就能办", "You, right now"),
        goods = if (code == "51" || code == "net.DOWN") Goods.KEEP else Goods.TAKE_BACK,
        retry = if (code == "12") Retry.NEVER else Retry.NOW,
        reference = "VP-1A2B-000131",
    )
}
