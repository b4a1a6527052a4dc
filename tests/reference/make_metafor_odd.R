# Makes metafor_odd.json: metafor on sets that public data do not offer.
#
#   Rscript make_metafor_odd.R metafor_odd.json
#
# Few effects, equal variances, tau2 on its boundary, one study that outweighs the rest, variances
# a million apart, many effects; every estimator of tau2 with the three tests.
suppressPackageStartupMessages({
  library(metafor)
  library(jsonlite)
})

tight <- list(threshold = 1e-14, tol = 1e-14, maxiter = 10000)

at <- 0:59
sets <- list(
  two = list(yi = c(0.1, 0.9), vi = c(0.04, 0.07)),
  three = list(yi = c(-0.3, 0.2, 0.4), vi = c(0.02, 0.05, 0.011)),
  boundary = list(yi = c(0.21, 0.19, 0.25, 0.2, 0.17), vi = c(0.04, 0.06, 0.03, 0.09, 0.05)),
  equal_variances = list(yi = c(0.4, -0.6, 1.1, 0.2, 0.9, -0.1), vi = rep(0.08, 6)),
  giant = list(yi = c(0.05, 0.6, -0.4, 0.8, 0.3, 1.2), vi = c(0.0004, 0.2, 0.15, 0.3, 0.22, 0.4)),
  million = list(yi = c(0.3, 0.9, -1.4, 2.2), vi = c(1e-5, 0.02, 3, 10)),
  sixty = list(yi = 0.3 + sin(7 * at) / 2, vi = 0.02 + 0.1 * (1 + cos(3 * at)) / 2)
)

fit_fields <- function(set, method, test) {
  fit <- suppressWarnings(rma(set$yi, set$vi, method = method, test = test, control = tight))
  list(
    method = method, test = test, b = as.numeric(fit$b), se = fit$se, ci_lb = fit$ci.lb,
    ci_ub = fit$ci.ub, stat = fit$zval, p = fit$pval, tau2 = fit$tau2, I2 = fit$I2, H2 = fit$H2,
    Q = fit$QE, Qp = fit$QEp
  )
}

fits_of <- function(set) {
  grid <- expand.grid(
    test = c("z", "knha", "adhoc"),
    method = c("EE", "DL", "HS", "HE", "PM", "ML", "REML", "SJ", "EB"), stringsAsFactors = FALSE
  )
  found <- Map(function(m, t) tryCatch(fit_fields(set, m, t), error = function(e) NULL),
               grid$method, grid$test)
  list(yi = set$yi, vi = set$vi, fits = Filter(Negate(is.null), unname(found)))
}

results <- list(
  versions = list(metafor = as.character(packageVersion("metafor")), R = R.version.string),
  sets = lapply(sets, fits_of)
)
write(toJSON(results, auto_unbox = TRUE, digits = NA), commandArgs(trailingOnly = TRUE)[1])
