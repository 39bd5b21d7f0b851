# Makes dream.sas7bdat, the SAS file that the tests read, with haven (ReadStat's writer). Run in this folder:
#   Rscript dream_sas.R
# 90 persons, weeks 2020-W40 to 2021-W13; even weeks are numbers, odd weeks are text of three characters.
library(haven)
weeks <- c(sprintf("y_20%02d", 40:53), sprintf("y_21%02d", 1:13))
codes <- c(NA, 111, 730, 733, 890, 999)
persons <- 90
table <- data.frame(lobenr = sprintf("%07d", 1000 + seq_len(persons)), kon = rep(c("M", "K"), persons / 2),
                    alder9131 = rep(c(20, 30.5, NA), persons / 3), ak20 = "Små fag", stringsAsFactors = FALSE)
for (place in seq_along(weeks)) {
  code <- codes[1 + (seq_len(persons) * 7 + (place - 1) %/% 4 * 5) %% length(codes)]
  table[[weeks[place]]] <- if (place %% 2 == 0) code else ifelse(is.na(code), "", as.character(code))
}
write_sas(table, "dream.sas7bdat")
