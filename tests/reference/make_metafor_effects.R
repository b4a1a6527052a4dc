# Makes metafor_effects.json: effect sizes, influence, cumulative and permutation results.
#
#   Rscript make_metafor_effects.R metafor.json metafor_effects.json
#
# Effect sizes are those of escalc, for every measure with every option the tests name. Data that
# carry zero cells were made up; the rest come with metadat.
suppressPackageStartupMessages({
  library(metafor)
  library(metadat)
  library(jsonlite)
})

tight <- list(threshold = 1e-14, tol = 1e-14, maxiter = 10000)
choices <- c("only0", "all", "if0all", "none")

zeros <- data.frame(
  ai = c(0, 3, 0, 12, 5, 20), n1i = c(20, 25, 31, 12, 40, 20),
  ci = c(2, 0, 0, 9, 7, 15), n2i = c(22, 24, 30, 15, 38, 15)
)
bcg <- with(dat.bcg, data.frame(ai = tpos, n1i = tpos + tneg, ci = cpos, n2i = cpos + cneg))
stroke <- with(dat.normand1999, data.frame(
  m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i,
  ri = seq(0.1, 0.9, length.out = nrow(dat.normand1999))
))
catheters <- with(dat.nielweise2008, data.frame(x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i))
surgery <- with(dat.pritz1997, data.frame(xi = xi, ni = ni))
interviews <- with(dat.mcdaniel1994, data.frame(ri = ri, ni = ni))
interviews <- interviews[interviews$ni > 3, ]

lidocaine <- with(dat.hine1989, data.frame(ai = ai, n1i = n1i, ci = ci, n2i = n2i))
beta_blockers <- na.omit(dat.yusuf1985[dat.yusuf1985$table == "6", c("ai", "n1i", "ci", "n2i")])
calendars <- with(dat.konstantopoulos2011, data.frame(yi = as.numeric(yi), vi = vi, year = year))

columns <- function(d) as.list(d)
result <- function(found, ...) c(list(...), list(yi = as.numeric(found$yi), vi = found$vi))

counted <- function(name, d, measure, to, drop00) {
  found <- suppressWarnings(escalc(
    measure, ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, to = to, drop00 = drop00,
    add = if (measure == "AS") 0 else 1/2
  ))
  result(found, data = name, measure = measure, to = to, drop00 = drop00)
}

counts_of <- function() {
  measures <- c("RD", "RR", "OR", "PETO", "AS")
  grid <- expand.grid(
    measure = measures, to = choices, drop00 = c(FALSE, TRUE), stringsAsFactors = FALSE
  )
  whole <- Map(function(m, t, d) counted("bcg", bcg, m, t, d), grid$measure, grid$to, grid$drop00)
  grid <- grid[grid$to != "none", ]
  with0 <- Map(
    function(m, t, d) counted("zeros", zeros, m, t, d), grid$measure, grid$to, grid$drop00
  )
  unname(c(whole, with0))
}

rates_of <- function() {
  grid <- expand.grid(
    measure = c("IRR", "IRD", "IRSD"), to = choices[1:3], drop00 = c(FALSE, TRUE),
    stringsAsFactors = FALSE
  )
  unname(Map(function(m, t, d) {
    found <- escalc(
      m, x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = catheters, to = t, drop00 = d,
      add = if (m == "IRSD") 0 else 1/2
    )
    result(found, measure = m, to = t, drop00 = d)
  }, grid$measure, grid$to, grid$drop00))
}

means_of <- function() {
  grid <- list(
    c("MD", "LS"), c("MD", "HO"), c("SMD", "LS"), c("SMD", "LS2"), c("SMD", "UB"),
    c("SMD1", "LS"), c("ROM", "LS"), c("ROM", "HO")
  )
  lapply(grid, function(g) {
    found <- escalc(
      g[1], m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i,
      data = stroke, vtype = g[2]
    )
    result(found, measure = g[1], vtype = g[2])
  })
}

changes_of <- function() {
  lapply(c("MC", "SMCC", "SMCR", "ROMC"), function(m) {
    found <- escalc(
      m, m1i = m1i, m2i = m2i, sd1i = sd1i, sd2i = sd2i, ni = n1i, ri = ri, data = stroke
    )
    result(found, measure = m)
  })
}

proportions_of <- function() {
  grid <- expand.grid(
    measure = c("PR", "PLN", "PLO", "PAS", "PFT"), to = choices[1:3], stringsAsFactors = FALSE
  )
  unname(Map(function(m, t) {
    add <- if (m %in% c("PAS", "PFT")) 0 else 1/2
    found <- escalc(m, xi = xi, ni = ni, data = surgery, to = t, add = add)
    result(found, measure = m, to = t)
  }, grid$measure, grid$to))
}

correlations_of <- function() {
  lapply(c("COR", "ZCOR"), function(m) {
    result(escalc(m, ri = ri, ni = ni, data = interviews), measure = m)
  })
}

mantel_haenszel_of <- function() {
  # rma.mh adds to the cells of single studies only, never to what is pooled.
  unlist(lapply(list(bcg = bcg, zeros = zeros), function(d) {
    lapply(c("OR", "RR", "RD"), function(m) {
      fit <- rma.mh(ai = d$ai, n1i = d$n1i, ci = d$ci, n2i = d$n2i, measure = m, correct = FALSE)
      list(
        data = if (nrow(d) == 13) "bcg" else "zeros", measure = m, b = as.numeric(fit$beta),
        se = fit$se, ci_lb = fit$ci.lb, ci_ub = fit$ci.ub, p = fit$pval
      )
    })
  }), recursive = FALSE, use.names = FALSE)
}

influence_of <- function(case, method, test) {
  fit <- rma(case$yi, case$vi, method = method, test = test, control = tight)
  found <- influence(fit)
  inf <- found$inf
  spots <- baujat(fit)
  list(
    method = method, test = test, rstudent = inf$rstudent, dffits = inf$dffits,
    cook = inf$cook.d, cov_ratio = inf$cov.r, tau2 = inf$tau2.del, q = inf$QE.del,
    hat = inf$hat, dfbetas = found$dfbs[[1]], flagged = as.logical(found$is.infl),
    baujat_x = spots$x, baujat_y = spots$y
  )
}

cumulative_of <- function(case, method, test) {
  order <- rev(seq_along(case$yi))
  fit <- rma(case$yi, case$vi, method = method, test = test, control = tight)
  found <- suppressWarnings(cumul(fit, order = order))
  # One effect has no Knapp-Hartung interval; from the second on there is one.
  rest <- -1
  fields <- list(
    method = method, test = test, estimate = found$estimate[rest], se = found$se[rest],
    ci_lb = found$ci.lb[rest], ci_ub = found$ci.ub[rest], p = found$pvals[rest], q = found$Q[rest]
  )
  fields <- c(fields, list(i2 = found$I2[rest], h2 = found$H2[rest]))
  if (method == "EE") fields else c(fields, list(tau2 = found$tau2[rest]))
}

per_case <- function(f, cases) {
  grid <- list(c("REML", "z"), c("REML", "knha"), c("DL", "z"), c("EE", "z"))
  lapply(cases, function(case) lapply(grid, function(g) f(case, g[1], g[2])))
}

permuted <- function(name, d, mods, method, test) {
  # Half steps: with few effects whole ones can go round in circles.
  steps <- list(stepadj = 0.5, threshold = 1e-10, tol = 1e-14, maxiter = 10000)
  fit <- rma(yi, vi, mods = mods, data = d, method = method, test = test, control = steps)
  found <- permutest(fit, exact = TRUE, progbar = FALSE, iter = 1e5)
  list(
    data = name, method = method, test = test, p = as.numeric(found$pval),
    qm_p = found$QMp, stat = as.numeric(fit$zval), qm = fit$QM
  )
}

permutations_of <- function() {
  d <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
  d$alloc <- factor(d$alloc, levels = unique(d$alloc))
  few <- d[c(1, 2, 4, 7, 9, 13), ]
  groups <- d[c(1, 2, 3, 5, 6, 9, 10, 12), ]
  grid <- list(c("DL", "z"), c("REML", "z"), c("REML", "knha"), c("PM", "z"), c("HE", "z"))
  runs <- lapply(grid, function(g) list(
    permuted("latitude", few, ~ ablat, g[1], g[2]),
    permuted("latitude and year", few, ~ ablat + year, g[1], g[2]),
    permuted("allocation", groups, ~ alloc, g[1], g[2])
  ))
  one <- function(d) list(
    yi = as.numeric(d$yi), vi = as.numeric(d$vi), ablat = d$ablat, year = d$year,
    alloc = as.character(d$alloc)
  )
  list(few = one(few), groups = one(groups), fits = unlist(runs, recursive = FALSE))
}

signs_of <- function() {
  lapply(list(c(12, 16), c(0, 5), c(7, 7), c(3, 20), c(10, 20)), function(s) {
    exact <- binom.test(s[1], s[2])
    wilson <- suppressWarnings(prop.test(s[1], s[2], correct = FALSE))$conf.int
    list(
      positive = s[1], n = s[2], p = exact$p.value, exact_lb = exact$conf.int[1],
      exact_ub = exact$conf.int[2], wilson_lb = wilson[1], wilson_ub = wilson[2]
    )
  })
}

files <- commandArgs(trailingOnly = TRUE)
cases <- read_json(files[1], simplifyVector = TRUE)$cases
pdf(NULL)
results <- list(
  versions = list(metafor = as.character(packageVersion("metafor")), R = R.version.string),
  data = list(
    bcg = columns(bcg), zeros = columns(zeros), stroke = columns(stroke),
    catheters = columns(catheters), surgery = columns(surgery), interviews = columns(interviews),
    lidocaine = columns(lidocaine), beta_blockers = columns(beta_blockers),
    calendars = columns(calendars), latitude = dat.bcg$ablat
  ),
  counts = counts_of(), rates = rates_of(), means = means_of(), changes = changes_of(),
  proportions = proportions_of(), correlations = correlations_of(),
  mantel_haenszel = mantel_haenszel_of(),
  influence = per_case(influence_of, cases), cumulative = per_case(cumulative_of, cases),
  permutations = permutations_of(), signs = signs_of()
)
write(toJSON(results, auto_unbox = TRUE, digits = NA, na = "null"), files[2])
