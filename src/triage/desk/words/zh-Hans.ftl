told-extended = 需要更多时间：{ $reason }。新日期 { $due }。
