package rules

// Function is a 3GPP, management or transport function tag, as "gnb".
type Function string
