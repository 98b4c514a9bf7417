INSERT DATA { <id/awarding/35.78--adi-sungai--2025> kg:award <id/programme/sapa-sungai> }
