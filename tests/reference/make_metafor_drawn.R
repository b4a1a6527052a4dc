# Makes metafor_drawn.json: meta-regressions of sets drawn at random, by every estimator of tau2.
#
#   Rscript make_metafor_drawn.R metafor_drawn.json
#
# Normal and heavy-tailed effects, effects that differ less than chance, one giant study, variances
# up to a million apart; a year, a choice and a skewed number as moderators, none to three of them.
suppressPackageStartupMessages({
  library(metafor)
  library(jsonlite)
})

RNGversion("4.0.0")
set.seed(20050254)
tight <- list(threshold = 1e-14, tol = 1e-14, maxiter = 10000)

drawn <- function(k, vi, yi) list(
  yi = yi, vi = vi,
  year = round(rnorm(k, 2005, 7)), choice = rep_len(c(0, 1, 1), k), number = round(rexp(k), 3)
)
kinds <- list(
  normal = function(k) { vi <- runif(k, .01, .3); drawn(k, vi, rnorm(k, .2, sqrt(vi + .1))) },
  heavy = function(k) { vi <- .005 + .1 * rchisq(k, 1); drawn(k, vi, .3 + rt(k, 2)) },
  below_chance = function(k) { vi <- runif(k, .01, .3); drawn(k, vi, rnorm(k, .2, .3 * sqrt(vi))) },
  giant = function(k) {
    vi <- c(1e-4, runif(k - 1, .05, .5))
    drawn(k, vi, rnorm(k, 0, sqrt(vi + .1)))
  },
  million = function(k) {
    vi <- c(1e-6, 1, 10^runif(k - 2, -6, 0))
    drawn(k, vi, rnorm(k, 0, sqrt(vi + .1)))
  }
)
models <- list(c("number"), c("year", "choice"), c("year", "choice", "number"))
methods <- c("EE", "DL", "HS", "HE", "PM", "ML", "REML", "SJ", "EB")

one <- function(set, names, method) {
  x <- do.call(cbind, set[names])
  fit <- suppressWarnings(
    rma(set$yi, set$vi, mods = x, method = method, test = "knha", control = tight)
  )
  list(
    moderators = I(names), method = method, b = as.numeric(fit$b), se = fit$se,
    p = fit$pval, tau2 = fit$tau2, I2 = fit$I2, Q = fit$QE, Qp = fit$QEp, QM = fit$QM,
    QMp = fit$QMp
  )
}

fits_of <- function(set) {
  grid <- expand.grid(method = methods, model = seq_along(models), stringsAsFactors = FALSE)
  found <- Map(function(m, at) tryCatch(one(set, models[[at]], m), error = function(e) NULL),
               grid$method, grid$model)
  c(set, list(fits = Filter(Negate(is.null), unname(found))))
}

sizes <- c(6, 9, 25)
sets <- unlist(lapply(kinds, function(kind) lapply(sizes, kind)), recursive = FALSE)
names(sets) <- outer(sizes, names(kinds), function(k, kind) paste0(kind, "_", k))
results <- list(
  versions = list(metafor = as.character(packageVersion("metafor")), R = R.version.string),
  sets = lapply(sets, fits_of)
)
write(toJSON(results, auto_unbox = TRUE, digits = NA), commandArgs(trailingOnly = TRUE)[1])
