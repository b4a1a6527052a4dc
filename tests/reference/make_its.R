# Makes its.json: segmented regressions by R, for series made here and for one that is public.
#
#   Rscript make_its.R prop99.csv its.json
#
# Ordinary least squares: lm. Newey-West: sandwich, no prewhitening, small-sample factor n/(n-k).
# Restricted and plain maximum likelihood of AR(1) errors: nlme's gls, and again with the whole
# covariance matrix written out and rho searched to 1e-12, since gls stops at about 1e-6.
# arima: stats, maximum likelihood. Prais-Winsten and Cochrane-Orcutt: as in Greene, Econometric
# Analysis, by lm on transformed data, rho from the regression of residuals on those before.
suppressPackageStartupMessages({
  library(nlme)
  library(sandwich)
  library(jsonlite)
})

files <- commandArgs(trailingOnly = TRUE)
set.seed(20040401)

simulated <- function(n, start, rho, season = 0) {
  e <- as.numeric(arima.sim(list(ar = rho), n, sd = 2))
  t <- seq_len(n)
  wave <- season * cos(2 * pi * t / 12)
  round(60 + 0.3 * t + (t >= start) * (4 - 0.2 * (t - start)) + wave + e, 3)
}

columns <- function(time, start) {
  after <- as.numeric(time >= start)
  cbind(1, time - time[1], after, after * (time - start))
}

told <- function(b, v, df, end) {
  contrast <- c(0, 0, 1, end)
  list(b = unname(b[1:4]), se = unname(sqrt(diag(v)))[1:4], df = df,
       end = sum(contrast * b[1:4]), end_se = sqrt(drop(contrast %*% v[1:4, 1:4] %*% contrast)))
}

by_hand <- function(y, x, keep_first) {
  rho <- 0
  repeat {
    n <- length(y)
    top <- if (keep_first) 1 else integer(0)
    ys <- c(sqrt(1 - rho^2) * y[top], y[-1] - rho * y[-n])
    xs <- rbind(sqrt(1 - rho^2) * x[top, , drop = FALSE], x[-1, ] - rho * x[-n, ])
    fit <- lm(ys ~ xs - 1)
    e <- y - drop(x %*% coef(fit))
    new <- sum(e[-1] * e[-n]) / sum(e[-n]^2)
    if (abs(new - rho) < 1e-13) break
    rho <- new
  }
  list(rho = rho, b = coef(fit), v = vcov(fit), df = fit$df.residual)
}

likelihood <- function(y, x, time, restricted) {
  n <- length(y)
  k <- ncol(x)
  gap <- abs(outer(time, time, "-"))
  at <- function(rho) {
    v <- rho^gap
    w <- solve(v)
    a <- t(x) %*% w %*% x
    b <- solve(a, t(x) %*% w %*% y)
    e <- y - x %*% b
    rss <- drop(t(e) %*% w %*% e)
    points <- if (restricted) n - k else n
    height <- points * log(rss) + determinant(v)$modulus
    if (restricted) height <- height + determinant(a)$modulus
    list(height = as.numeric(height), b = drop(b), v = solve(a) * rss / (n - k))
  }
  grid <- seq(0.02, 0.98, by = 0.02)
  if (all(diff(time) == 1)) grid <- c(-rev(grid), 0, grid)
  best <- grid[which.min(sapply(grid, function(rho) at(rho)$height))]
  found <- optimize(function(rho) at(rho)$height, best + c(-0.02, 0.02), tol = 1e-12)
  c(list(rho = found$minimum, df = n - k), at(found$minimum)[c("b", "v")])
}

nlme_of <- function(y, x, method) {
  fit <- gls(y ~ x - 1, correlation = corAR1(), method = method,
             control = glsControl(tolerance = 1e-12, msTol = 1e-14))
  list(rho = as.numeric(coef(fit$modelStruct$corStruct, unconstrained = FALSE)),
       b = unname(coef(fit))[1:4], se = unname(sqrt(diag(fit$varBeta)))[1:4])
}

arima_of <- function(y, x) {
  colnames(x) <- paste0("x", seq_len(ncol(x)))
  fit <- arima(y, c(1, 0, 0), xreg = x, include.mean = FALSE, method = "ML",
               optim.control = list(reltol = 1e-15, maxit = 5000))
  list(rho = unname(coef(fit)["ar1"]), b = unname(coef(fit)[2:5]))
}

case_of <- function(y, time, start, extra = NULL, lags = c(1, 3)) {
  x <- cbind(columns(time, start), extra)
  end <- tail(time, 1) - start
  ols <- lm(y ~ x - 1)
  df <- ols$df.residual
  robust <- lapply(lags, function(lag) {
    v <- NeweyWest(ols, lag = lag, prewhite = FALSE, adjust = TRUE)
    c(list(lags = lag), told(coef(ols), v, df, end))
  })
  iterated <- lapply(c("prais-winsten" = TRUE, "cochrane-orcutt" = FALSE), function(first) {
    found <- by_hand(y, x, first)
    c(list(rho = found$rho), told(found$b, found$v, found$df, end))
  })
  likely <- lapply(c(arima = FALSE, reml = TRUE), function(restricted) {
    found <- likelihood(y, x, time, restricted)
    c(list(rho = found$rho), told(found$b, found$v, found$df, end))
  })
  e <- resid(ols)
  list(
    y = y, time = time, start = start,
    ols = told(coef(ols), vcov(ols), df, end), "newey-west" = robust,
    "prais-winsten" = iterated[["prais-winsten"]],
    "cochrane-orcutt" = iterated[["cochrane-orcutt"]],
    arima = likely$arima, reml = likely$reml,
    nlme = list(arima = nlme_of(y, x, "ML"), reml = nlme_of(y, x, "REML")),
    stats_arima = arima_of(y, x),
    durbin_watson = sum(diff(e)^2) / sum(e^2),
    box = list(lag = 4, statistic = unname(Box.test(e, 4, "Ljung-Box")$statistic))
  )
}

washout_of <- function(y, time, interruption, out) {
  at <- which(time >= interruption)[seq_len(out)]
  start <- time[max(at) + 1]
  x <- columns(time, start)[-at, ]
  x[, 2] <- time[-at] - time[1]
  end <- tail(time, 1) - start
  ols <- lm(y[-at] ~ x - 1)
  reml <- likelihood(y[-at], x, time[-at], TRUE)
  ml <- likelihood(y[-at], x, time[-at], FALSE)
  list(
    y = y, time = time, interruption = interruption, washout = out,
    ols = told(coef(ols), vcov(ols), ols$df.residual, end),
    reml = c(list(rho = reml$rho), told(reml$b, reml$v, reml$df, end)),
    arima = c(list(rho = ml$rho), told(ml$b, ml$v, ml$df, end))
  )
}

waves <- function(n, pairs) {
  t <- seq_len(n) - 1
  do.call(cbind, lapply(seq_len(pairs), function(p) {
    cbind(cos(2 * pi * p * t / 12), sin(2 * pi * p * t / 12))
  }))
}

dummies <- function(n) model.matrix(~ factor((seq_len(n) - 1) %% 12))[, -1]

years <- read.csv(files[1], comment.char = "#")
monthly <- simulated(60, 31, 0.4, season = 5)
results <- list(
  versions = list(R = R.version.string, nlme = as.character(packageVersion("nlme")),
                  sandwich = as.character(packageVersion("sandwich"))),
  cases = list(
    short = case_of(simulated(14, 8, 0.3), 1:14, 8, lags = c(0, 2)),
    medium = case_of(simulated(40, 21, 0.6), 1:40, 21),
    negative = case_of(simulated(50, 26, -0.5), 1:50, 25.5),
    waves = c(case_of(monthly, 1:60, 31, waves(60, 2)), season = list(c(12, 2))),
    months = c(case_of(monthly, 1:60, 31, dummies(60)), season = 12)
  ),
  washout = washout_of(simulated(40, 21, 0.6), 1:40, 21, 3),
  california = list(
    ols = told(coef(lm(years$California ~ columns(years$Year, 1989) - 1)),
               vcov(lm(years$California ~ columns(years$Year, 1989) - 1)), 27, 11)
  )
)
write_json(results, files[2], digits = NA, auto_unbox = TRUE, pretty = TRUE)
