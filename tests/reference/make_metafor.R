# Makes metafor.json: results of metafor and clubSandwich on public data sets of metadat.
#
#   Rscript make_metafor.R metafor.json
#
# Iterations run to a far tighter tolerance than the default, so that a difference from these
# numbers is a difference in method. The limits of tau2 are the exception: confint leaves them at
# uniroot's own tolerance, about 1e-4; make_metafor_more.R makes them tightly.
suppressPackageStartupMessages({
  library(metafor)
  library(metadat)
  library(clubSandwich)
  library(jsonlite)
})

tight <- list(threshold = 1e-14, tol = 1e-14, maxiter = 10000)

run <- function(method, test, yi, vi, mods = NULL) {
  arguments <- list(yi = yi, vi = vi, method = method, test = test, control = tight)
  if (!is.null(mods)) arguments$mods <- mods
  suppressWarnings(do.call(rma, arguments))
}

# A single number, or an empty list where metafor has none.
one <- function(x) if (is.null(x) || length(x) == 0) list() else as.numeric(x)

fit_fields <- function(fit) {
  interval <- predict(fit)
  fields <- list(
    method = fit$method, test = fit$test, k = fit$k, b = as.numeric(fit$b), se = fit$se,
    ci_lb = fit$ci.lb, ci_ub = fit$ci.ub, stat = fit$zval, p = fit$pval, tau2 = fit$tau2,
    I2 = fit$I2, H2 = fit$H2, Q = fit$QE, Qp = fit$QEp,
    pi_lb = one(interval$pi.lb), pi_ub = one(interval$pi.ub)
  )
  if (fit$method == "EE") return(fields)
  limits <- confint(fit)$random["tau^2", ]
  c(fields, list(tau2_lb = limits[["ci.lb"]], tau2_ub = limits[["ci.ub"]]))
}

fits_of <- function(yi, vi) {
  grid <- expand.grid(
    test = c("z", "knha"), method = c("DL", "HS", "HE", "PM", "ML", "REML", "SJ", "EB"),
    stringsAsFactors = FALSE
  )
  fits <- Map(function(m, t) fit_fields(run(m, t, yi, vi)), grid$method, grid$test)
  c(list(fit_fields(run("EE", "z", yi, vi))), unname(fits))
}

regression_fields <- function(fit, names) {
  list(
    method = fit$method, test = fit$test, k = fit$k, b = as.numeric(fit$b), se = fit$se,
    ci_lb = fit$ci.lb, ci_ub = fit$ci.ub, stat = fit$zval, p = fit$pval, tau2 = fit$tau2,
    I2 = fit$I2, H2 = fit$H2, Q = fit$QE, Qp = fit$QEp, QM = fit$QM, QMp = fit$QMp,
    R2 = fit$R2, names = c("intrcpt", names)
  )
}

regressions_of <- function(yi, vi, mods, names) {
  grid <- expand.grid(
    test = c("z", "knha"), method = c("DL", "REML", "PM"), stringsAsFactors = FALSE
  )
  unname(Map(
    function(m, t) regression_fields(run(m, t, yi, vi, mods), names), grid$method, grid$test
  ))
}

diagnostics_of <- function(fit) {
  left <- leave1out(fit)
  lm_form <- regtest(fit, model = "lm")
  rma_form <- regtest(fit)
  ranks <- ranktest(fit)
  filled <- trimfill(fit)
  how <- influence(fit)$inf
  list(
    leave1out = list(estimate = left$estimate, se = left$se, tau2 = left$tau2),
    egger_lm = list(stat = lm_form$zval, p = lm_form$pval, est = lm_form$est),
    egger_rma = list(stat = rma_form$zval, p = rma_form$pval),
    ranktest = list(tau = ranks$tau, p = ranks$pval),
    trimfill = list(
      k0 = filled$k0, side = filled$side, b = as.numeric(filled$b), se = filled$se
    ),
    influence = list(
      rstudent = how$rstudent, dffits = how$dffits, cook = how$cook.d, hat = how$hat
    )
  )
}

case <- function(name, measure, yi, vi, mods = NULL) {
  yi <- as.numeric(yi)
  vi <- as.numeric(vi)
  found <- c(
    list(name = name, measure = measure, yi = yi, vi = vi, fits = fits_of(yi, vi)),
    diagnostics_of(run("REML", "z", yi, vi))
  )
  if (is.null(mods)) return(found)
  c(found, list(
    mods = unname(as.matrix(mods)), modnames = names(mods),
    metareg = regressions_of(yi, vi, as.matrix(mods), names(mods))
  ))
}

cases <- function() {
  bcg <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
  hine <- escalc("RD", n1i = n1i, n2i = n2i, ai = ai, ci = ci, data = dat.hine1989)
  collins <- escalc(
    "OR", n1i = pre.nti, n2i = pre.nci, ai = pre.xti, ci = pre.xci, data = dat.collins1985b
  )
  weeks <- dat.raudenbush1985["weeks"]
  list(
    bcg = case("bcg", "log risk ratio", bcg$yi, bcg$vi, bcg[c("ablat", "year")]),
    hine1989 = case("hine1989", "risk difference", hine$yi, hine$vi),
    raudenbush1985 = case(
      "raudenbush1985", "SMD", dat.raudenbush1985$yi, dat.raudenbush1985$vi, weeks
    ),
    baskerville2012 = case(
      "baskerville2012", "SMD", dat.baskerville2012$smd, dat.baskerville2012$se^2
    ),
    collins1985b = case("collins1985b", "log odds ratio", collins$yi, collins$vi)
  )
}

multilevel <- function() {
  d <- dat.konstantopoulos2011
  d$cluster <- as.integer(factor(d$district))
  tight <- list(rel.tol = 1e-10)
  fit <- rma.mv(yi, vi, random = ~ 1 | cluster / school, data = d, control = tight)
  cr1 <- robust(fit, cluster = d$cluster)
  cr2 <- conf_int(fit, vcov = "CR2", cluster = d$cluster)
  cr2_test <- coef_test(fit, vcov = "CR2", cluster = d$cluster)
  v <- impute_covariance_matrix(d$vi, cluster = d$cluster, r = 0.6)
  che <- rma.mv(yi, v, random = ~ 1 | cluster / school, data = d, control = tight)
  che_test <- coef_test(che, vcov = "CR2", cluster = d$cluster)
  list(konstantopoulos2011 = list(
    name = "konstantopoulos2011", yi = as.numeric(d$yi), vi = as.numeric(d$vi),
    cluster = d$cluster,
    three_level = list(
      b = as.numeric(fit$b), se = fit$se, ci_lb = fit$ci.lb, ci_ub = fit$ci.ub,
      sigma2_between = fit$sigma2[1], sigma2_within = fit$sigma2[2],
      loglik = as.numeric(logLik(fit)), Q = fit$QE
    ),
    robust_cr1 = list(se = cr1$se, ci_lb = cr1$ci.lb, ci_ub = cr1$ci.ub, df = cr1$dfs),
    robust_cr2 = list(
      se = cr2$SE, ci_lb = cr2$CI_L, ci_ub = cr2$CI_U, df = cr2$df, p = cr2_test$p_Satt
    ),
    che_rho06 = list(
      b = as.numeric(che$b), se = che$se, sigma2_between = che$sigma2[1],
      sigma2_within = che$sigma2[2], cr2_se = che_test$SE, cr2_df = che_test$df_Satt
    )
  ))
}

results <- list(
  versions = list(
    metafor = as.character(packageVersion("metafor")),
    clubSandwich = as.character(packageVersion("clubSandwich")),
    R = R.version.string
  ),
  cases = cases(),
  multilevel = multilevel()
)
target <- commandArgs(trailingOnly = TRUE)[1]
write(toJSON(results, auto_unbox = TRUE, digits = NA), target)
