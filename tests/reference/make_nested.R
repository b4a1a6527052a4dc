# Makes nested.json: three-level meta-regressions with robust errors.
#
#   Rscript make_nested.R nested.json
#
# Three data sets of metadat with moderators, and made-up sets of three clusters with 1, 3 and 30
# effects in three groups: each group in two clusters or more, a group in one cluster alone, and
# clusters that do not differ. Each with independent sampling errors, and with errors that
# correlate at 0.6 within clusters.
suppressPackageStartupMessages({
  library(metafor)
  library(metadat)
  library(clubSandwich)
  library(jsonlite)
})

tight <- list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-16, maxit = 5000)

# The likelihood is so flat at its top that every optimiser of rma.mv stops up to 1e-6 away in the
# variances. Fisher scoring with dense matrices goes on from there to the last digits.
polished <- function(fit, d, design, v) {
  sigma2 <- ifelse(fit$sigma2 < 1e-6, 0, fit$sigma2)
  free <- which(sigma2 > 0)
  slopes <- list(1 * outer(d$cluster, d$cluster, "=="), diag(nrow(d)))
  for (round in 1:50) {
    m <- solve(v + sigma2[1] * slopes[[1]] + sigma2[2] * slopes[[2]])
    p <- m - m %*% design %*% solve(t(design) %*% m %*% design) %*% t(design) %*% m
    ps <- lapply(slopes, function(g) p %*% g)
    py <- p %*% d$yi
    gradient <- sapply(1:2, function(i) sum(py * (slopes[[i]] %*% py)) - sum(diag(ps[[i]])))
    information <- outer(1:2, 1:2, Vectorize(function(i, j) sum(ps[[i]] * t(ps[[j]]))))
    sigma2[free] <- sigma2[free] + solve(information[free, free, drop = FALSE], gradient[free])
  }
  stopifnot(all(abs(sigma2 - fit$sigma2) < 2e-6), all(gradient[-free] < 0))
  sigma2
}

coefficients_of <- function(fit) {
  cr2 <- coef_test(fit, vcov = "CR2", test = "Satterthwaite")
  cr1 <- coef_test(fit, vcov = "CR1", test = "naive-t")
  list(
    b = as.numeric(fit$b), se = fit$se, ci_lb = fit$ci.lb, ci_ub = fit$ci.ub, p = fit$pval,
    cr2_se = cr2$SE, cr2_df = cr2$df_Satt, cr2_p = cr2$p_Satt,
    cr1_se = cr1$SE, cr1_df = cr1$df_t, cr1_p = cr1$p_t
  )
}

contrast_of <- function(fit, weights) {
  found <- linear_contrast(
    fit, vcov = "CR2", contrasts = matrix(weights, nrow = 1), level = 0.95, p_values = TRUE
  )
  list(
    weights = weights, b = found$Est, se = found$SE, df = found$df,
    ci_lb = found$CI_L, ci_ub = found$CI_U, p = found$p_val
  )
}

fit_of <- function(d, design, rho, contrasts) {
  v <- if (rho == 0) diag(d$vi) else vcalc(d$vi, cluster = d$cluster, obs = d$effect, rho = rho)
  fitted_at <- function(sigma2) {
    rma.mv(
      d$yi, v, mods = design, intercept = FALSE, random = ~ 1 | cluster / effect, data = d,
      sigma2 = sigma2, control = tight, sparse = FALSE
    )
  }
  free <- fitted_at(c(NA, NA))
  fit <- fitted_at(polished(free, d, design, v))
  stopifnot(logLik(fit) > logLik(free) - 1e-10)
  c(
    list(
      rho = rho, sigma2_between = fit$sigma2[1], sigma2_within = fit$sigma2[2],
      loglik = as.numeric(logLik(fit)), Q = fit$QE, Q_df = fit$k - fit$p, Q_p = fit$QEp,
      contrasts = lapply(contrasts, function(weights) contrast_of(fit, weights)),
      covariance = matrix(vcovCR(fit, type = "CR2"), nrow = ncol(design))
    ),
    coefficients_of(fit)
  )
}

case_of <- function(d, design, contrasts) {
  d$effect <- seq_len(nrow(d))
  list(
    yi = as.numeric(d$yi), vi = as.numeric(d$vi), cluster = d$cluster,
    moderators = as.list(as.data.frame(design)),
    fits = lapply(c(0, 0.6), function(rho) fit_of(d, design, rho, contrasts))
  )
}

number_of <- function(names) as.integer(factor(names, levels = unique(names)))

bornmann <- escalc(
  "OR", ai = waward, n1i = wtotal, ci = maward, n2i = mtotal, data = dat.bornmann2007
)
bornmann$cluster <- number_of(bornmann$study)
schools <- dat.konstantopoulos2011
schools$cluster <- number_of(schools$district)
assink <- dat.assink2016
assink$cluster <- assink$study

groups_of <- function(named) sapply(c(a = "a", b = "b", c = "c"), function(one) 1 * (named == one))
# Deviations of the effects from their means, made up once so that no random numbers are needed.
deviation <- c(
  -0.31, 0.12, -0.05, 0.42, 0.21, -0.37, 0.09, -0.14, 0.33, -0.02, 0.17, -0.26, 0.05, 0.38, -0.44,
  0.02, 0.29, -0.11, -0.19, 0.07, 0.24, -0.33, 0.15, 0.01, -0.08, 0.46, -0.22, 0.11, -0.29, 0.18,
  -0.04, 0.26, -0.16, 0.03
)
precision <- 0.004 * (1 + (seq_len(34) * 7) %% 11)
made_up <- function(first, shifts) {
  named <- c(first, rep(c("a", "b", "c"), 10))
  cluster <- rep(1:3, c(1, 3, 30))
  means <- c(a = -0.9, b = -0.4, c = -0.1)[named]
  list(
    d = data.frame(yi = round(means + shifts[cluster] + deviation, 4), vi = precision, cluster = cluster),
    design = groups_of(named)
  )
}
spread <- made_up(c("a", "a", "b", "c"), c(0.5, -0.8, 0))
alone <- made_up(c("a", "a", "b", "b"), c(0.5, -0.8, 0))
alike <- made_up(c("a", "a", "b", "c"), c(0.1, 0, 0))
differences <- list(c(1, -1, 0), c(1, 0, -1), c(0, 1, -1), c(0.5, 0.5, -1))

results <- list(
  versions = list(
    metafor = as.character(packageVersion("metafor")),
    clubSandwich = as.character(packageVersion("clubSandwich")),
    R = R.version.string
  ),
  cases = list(
    schools_by_year = case_of(
      schools, cbind(intercept = 1, year = schools$year), list(c(1, 1990))
    ),
    grants_by_type = case_of(
      bornmann,
      cbind(intercept = 1, fellowship = 1 * (bornmann$type == "Fellowship"), year = bornmann$year),
      list(c(0, 1, -10), c(1, 1, 2000))
    ),
    delinquency = case_of(
      assink,
      cbind(
        general = 1 * (assink$deltype == "general"), overt = 1 * (assink$deltype == "overt"),
        covert = 1 * (assink$deltype == "covert"), year = assink$year
      ),
      list(c(1, -1, 0, 0), c(0, 1, -1, 0))
    ),
    three_clusters = case_of(spread$d, spread$design, differences),
    group_in_one_cluster = case_of(alone$d, alone$design, differences),
    clusters_alike = case_of(alike$d, alike$design, differences)
  )
)
write(toJSON(results, auto_unbox = TRUE, digits = NA), commandArgs(trailingOnly = TRUE)[1])
