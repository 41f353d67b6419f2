told-extended = 需要更多时间：{ $reason }。新日期 { $due }。
phrase-when = 请问是哪一天、什么时间？记得大概也可以。
phrase-where = 请问具体在什么地方？附近有什么好认的？
phrase-who = 请问都有谁参加或在场？只写您愿意写的。
phrase-proof = 如果有收据、转账记录、群消息或照片，可以在取件页补充；没有也照样办理。
phrase-safe = 请先顾好自己和孩子的安全。有人为难您，请在这里告诉我们。
phrase-thanks = 您补充的内容已经收到，我们会接着核实。
