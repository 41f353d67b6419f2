told-extended = 需要更多時間：{ $reason }。新日期 { $due }。
phrase-when = 請問是哪一天、什麼時間？記得大概也可以。
phrase-where = 請問具體在什麼地方？附近有什麼好認的？
phrase-who = 請問都有誰參加或在場？只寫您願意寫的。
phrase-proof = 如果有收據、轉帳記錄、群組訊息或照片，可以在取件頁補充；沒有也照樣辦理。
phrase-safe = 請先顧好自己和孩子的安全。有人為難您，請在這裡告訴我們。
phrase-thanks = 您補充的內容已經收到，我們會接著核實。
