told-extended = We need more time: { $reason }. New date { $due }.
