# Makes metafor_more.json: what metafor.json lacks.
#
#   Rscript make_metafor_more.R metafor.json metafor_more.json
#
# Limits of tau2 with a tight tolerance, at two levels; trim and fill on either side, every fit
# inside it at a tight tolerance; subgroups with a common tau2; a second three-level data set.
suppressPackageStartupMessages({
  library(metafor)
  library(metadat)
  library(clubSandwich)
  library(jsonlite)
})

tight <- list(threshold = 1e-14, tol = 1e-14, maxiter = 10000)

limits_of <- function(case, level) {
  fit <- rma(case$yi, case$vi, method = "REML", control = tight)
  found <- confint(fit, level = level, control = list(tol = 1e-14))$random["tau^2", ]
  list(level = level / 100, tau2_lb = found[["ci.lb"]], tau2_ub = found[["ci.ub"]])
}

filled_of <- function(case, side) {
  fit <- rma(case$yi, case$vi, method = "REML", control = tight)
  filled <- trimfill(fit, side = side, control = tight)
  added <- filled$fill
  list(
    side = side, k0 = filled$k0, b = as.numeric(filled$b), se = filled$se, tau2 = filled$tau2,
    filled = as.list(as.numeric(filled$yi)[added]), filled_vi = as.list(filled$vi[added])
  )
}

subgroups_of <- function(test) {
  d <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
  d$alloc <- factor(d$alloc, levels = unique(d$alloc))
  fitted <- function(mods) rma(yi, vi, mods = mods, data = d, test = test, control = tight)
  means <- fitted(~ alloc - 1)
  between <- fitted(~ alloc)
  list(
    test = test, groups = as.character(d$alloc), names = levels(d$alloc),
    b = as.numeric(means$b), se = means$se, ci_lb = means$ci.lb, ci_ub = means$ci.ub,
    tau2 = means$tau2, QM = between$QM, QMp = between$QMp
  )
}

three_level_of <- function(d, rho) {
  v <- if (rho == 0) d$vi else impute_covariance_matrix(d$vi, cluster = d$cluster, r = rho)
  fit <- rma.mv(
    yi, v, random = ~ 1 | cluster / effect, data = d, control = list(rel.tol = 1e-10)
  )
  cr1 <- robust(fit, cluster = d$cluster)
  cr2 <- coef_test(fit, vcov = "CR2", cluster = d$cluster)
  list(
    rho = rho, b = as.numeric(fit$b), se = fit$se, sigma2_between = fit$sigma2[1],
    sigma2_within = fit$sigma2[2], loglik = as.numeric(logLik(fit)), Q = fit$QE,
    cr1_se = cr1$se, cr1_df = cr1$dfs, cr2_se = cr2$SE, cr2_df = cr2$df_Satt, cr2_p = cr2$p_Satt
  )
}

files <- commandArgs(trailingOnly = TRUE)
cases <- read_json(files[1], simplifyVector = TRUE)$cases
bornmann <- dat.bornmann2007
bornmann <- escalc(
  "OR", ai = waward, n1i = wtotal, ci = maward, n2i = mtotal, data = bornmann
)
bornmann$cluster <- as.integer(factor(bornmann$study, levels = unique(bornmann$study)))
bornmann$effect <- seq_len(nrow(bornmann))

results <- list(
  versions = list(
    metafor = as.character(packageVersion("metafor")),
    clubSandwich = as.character(packageVersion("clubSandwich")),
    R = R.version.string
  ),
  tau2_limits = lapply(cases, function(case) lapply(c(95, 90), function(l) limits_of(case, l))),
  trimfill = lapply(cases, function(case) lapply(c("left", "right"), function(s) filled_of(case, s))),
  subgroups = lapply(c("z", "knha"), subgroups_of),
  bornmann2007 = list(
    yi = as.numeric(bornmann$yi), vi = as.numeric(bornmann$vi), cluster = bornmann$cluster,
    fits = lapply(c(0, 0.6), function(rho) three_level_of(bornmann, rho))
  )
)
write(toJSON(results, auto_unbox = TRUE, digits = NA), files[2])
