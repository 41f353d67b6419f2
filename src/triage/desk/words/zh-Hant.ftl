told-extended = 需要更多時間：{ $reason }。新日期 { $due }。
