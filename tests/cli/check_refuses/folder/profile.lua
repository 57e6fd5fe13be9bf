retur = { at_onc = 1 }
